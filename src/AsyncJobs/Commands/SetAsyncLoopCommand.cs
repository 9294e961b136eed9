using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Set-AsyncLoop: settings of the session's loop.</summary>
[Cmdlet(VerbsCommon.Set, "AsyncLoop")]
[OutputType(typeof(void))]
public sealed class SetAsyncLoopCommand : LoopCommand
{
    /// <summary>How many thread tasks may run at once in this session.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int ThreadLimit { get; set; }

    /// <summary>Sets what was given.</summary>
    protected override void EndProcessing()
    {
        if (ThreadLimit > 0)
        {
            Session.Threads.SetLimit(ThreadLimit);
        }
    }
}
