using System.Runtime.ExceptionServices;

namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// Runs an action inside a cmdlet, or a script that writes it, and carries out of it what the action throws, which PowerShell
/// would wrap or swallow.
/// </summary>
internal sealed class ExceptionRelay(Action action) : ActionEnumerator(action)
{
    private Exception? _thrown;
    private bool _hasRun;

    /// <inheritdoc/>
    public override void Run()
    {
        _hasRun = true;
        try
        {
            base.Run();
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
}
