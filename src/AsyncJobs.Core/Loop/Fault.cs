using System.Runtime.ExceptionServices;

namespace AsyncJobs.Core.Loop;

/// <summary>How a future failed or was cancelled, kept as a value until somebody awaits it.</summary>
internal sealed class Fault
{
    private readonly ExceptionDispatchInfo _info;

    public Fault(Exception exception, object? detail = null, TaskOutput? output = null)
    {
        _info = ExceptionDispatchInfo.Capture(exception);
        Detail = detail;
        Output = output ?? TaskOutput.None;
    }

    public Exception Exception => _info.SourceException;

    /// <summary>What the host knows beside the exception: in PowerShell, its ErrorRecord.</summary>
    public object? Detail { get; }

    /// <summary>What the work wrote before it failed.</summary>
    public TaskOutput Output { get; }

    public void Throw() => _info.Throw();
}
