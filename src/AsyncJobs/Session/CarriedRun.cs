using System.Runtime.ExceptionServices;

namespace AsyncJobs;

/// <summary>Runs an action inside a cmdlet and carries out of it what the action throws, which PowerShell would wrap or swallow.</summary>
internal sealed class CarriedRun(Action action)
{
    private Exception? _thrown;

    public bool HasRun { get; private set; }

    /// <summary>Runs it; throws nothing.</summary>
    public void Run()
    {
        HasRun = true;
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
    public void Rethrow()
    {
        if (_thrown is not null)
        {
            ExceptionDispatchInfo.Throw(_thrown);
        }
    }
}
