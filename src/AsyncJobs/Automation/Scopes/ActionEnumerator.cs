using System.Collections;

namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// An action that a script runs by writing it, since PowerShell enumerates what is written: in any language mode, and
/// without the cost of a command. What it throws as a RuntimeException is thrown there as it is.
/// </summary>
internal class ActionEnumerator(Action action) : IEnumerator
{
    public object? Current => null;

    /// <summary>Runs the action; there is nothing to enumerate.</summary>
    public bool MoveNext()
    {
        Run();
        return false;
    }

    /// <summary>Runs the action.</summary>
    public virtual void Run() => action();

    public void Reset()
    {
    }
}
