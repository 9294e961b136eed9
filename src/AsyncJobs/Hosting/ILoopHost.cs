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

    /// <summary>Whether the pipeline is being stopped, whether or not the cmdlet has been told yet.</summary>
    bool IsInterrupted { get; }

    /// <summary>Stops what the cmdlet waits for, where a stop of the cmdlet is one of that, too; the pipeline is being stopped.</summary>
    void StopAwaited();

    /// <summary>The pipeline that steps run in.</summary>
    StepPipeline Steps { get; }

    /// <summary>Whether it takes information records, too, of the steps that run within it; else PowerShell shows them.</summary>
    bool TakesInformation { get; }

    /// <summary>Takes a record that a step has written to another stream than the output; throws nothing.</summary>
    void TakeRecord(object record);

    /// <summary>Throws what the writing of a record has thrown, if any: in the cmdlet, where no step sees it.</summary>
    void ThrowRecordFailure();

    /// <summary>Reports an unhandled failure on the loop.</summary>
    void ReportUnhandled(Exception exception);
}
