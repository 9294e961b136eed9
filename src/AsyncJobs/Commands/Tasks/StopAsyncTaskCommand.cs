using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Stop-AsyncTask: asks tasks and futures to end (asyncio's <c>cancel</c>); waits for nothing.</summary>
[Cmdlet(VerbsLifecycle.Stop, "AsyncTask", SupportsShouldProcess = true)]
[OutputType(typeof(Future))]
public sealed class StopAsyncTaskCommand : LoopCommand
{
    /// <summary>The tasks and futures. One that is done already is left as it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Future[] Task { get; set; } = [];

    /// <summary>Why; goes into the message of the exception that waiters get.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>Writes what was given.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Asks each to stop.</summary>
    protected override void ProcessRecord()
    {
        foreach (Future future in Task)
        {
            if (ShouldProcess(future.ToString()))
            {
                future.Cancel(Reason);
            }

            if (PassThru)
            {
                WriteObject(future);
            }
        }
    }
}
