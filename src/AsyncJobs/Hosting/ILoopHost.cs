using System.Management.Automation;

namespace AsyncJobs.Hosting;

/// <summary>A cmdlet within which coroutines' steps run: one that turns the loop, or that starts a coroutine.</summary>
internal interface ILoopHost
{
    /// <summary>The cmdlet itself, for its streams and its session state.</summary>
    PSCmdlet Cmdlet { get; }

    /// <summary>Whether the user wants no warnings of the cmdlet.</summary>
    bool IsSilent { get; }

    /// <summary>Whether Ctrl+C has come.</summary>
    bool IsStopRequested { get; }

    /// <summary>The scope that steps are run from while this cmdlet is the outermost to run any.</summary>
    StepScope Ground { get; }

    /// <summary>Reports an unhandled failure on the loop.</summary>
    void ReportUnhandled(Exception exception);
}
