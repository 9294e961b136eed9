using System.Collections;
using System.Runtime.ExceptionServices;

namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// Runs an action inside a cmdlet, or a script that writes it as an <see cref="ActionEnumerator"/>, and carries out of it what
/// the action throws, which PowerShell would wrap or swallow.
/// </summary>
internal sealed class ExceptionRelay(Action action) : IEnumerator
{
    private Exception? _thrown;
    private bool _hasRun;

    object? IEnumerator.Current => null;

    public void Run()
    {
        _hasRun = true;
        try
        {
            action();
        }
        catch (Exception exception)
        {
            _thrown = exception;
        }
    }

    /// <summary>Throws what it threw, on the other side.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped before it ran.</exception>
    public void Rethrow()
    {
        if (_thrown is not null)
        {
            ExceptionDispatchInfo.Throw(_thrown);
        }

        if (!_hasRun)
        {
            throw new PipelineStoppedException();
        }
    }

    bool IEnumerator.MoveNext()
    {
        Run();
        return false;
    }

    void IEnumerator.Reset()
    {
    }
}
