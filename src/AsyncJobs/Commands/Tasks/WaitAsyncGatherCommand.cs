namespace AsyncJobs;

/// <summary>Wait-AsyncGather: one result per task, in input order (asyncio's <c>gather</c>).</summary>
[Cmdlet(VerbsLifecycle.Wait, "AsyncGather")]
[Suspends]
[OutputType(typeof(object))]
public sealed class WaitAsyncGatherCommand : TimedAwaitCommand
{
    private bool _hasEnded;

    /// <summary>Writes the exception of a failed task in its place instead of throwing it.</summary>
    [Parameter]
    public SwitchParameter ReturnExceptions { get; set; }

    /// <summary>Writes the tasks instead of their results once all are done; throws for none of them.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private bool ThrowsNone => ReturnExceptions || PassThru;

    /// <summary>Waits for all that was given.</summary>
    protected override void EndProcessing()
    {
        ReportOthers();
        Await(MakeRequest());
    }

    /// <summary>Stopping the gather stops its tasks.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_hasEnded && IsInterrupted)
        {
            StopAwaited();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    private protected override void StopAwaited()
    {
        _hasEnded = true;
        CancelAll(Futures, "the gather was stopped");
    }

    private WaitRequest MakeRequest()
    {
        EventLoop loop = Session.Loop;
        Future[] futures = [.. Futures];
        var gathering = new GatherFuture(loop, futures, ThrowsNone);
        if (IsSuspending)
        {
            // A coroutine's wait goes on when this cmdlet is over.
            _hasEnded = true;
        }

        WaitLimit? limit = LimitOf(TimeoutSec);
        (bool passThru, bool throwsNone) = (PassThru, ThrowsNone);
        return WithStreams(new WaitRequest
        {
            Until = gathering,
            For = futures,
            Limit = limit,
            WhenLate = () => gathering.StopAll("the gather's time is up"),
            Ending = (ThrowsNone ? WaitCompletion.All : WaitCompletion.First) | (limit is null ? 0 : WaitCompletion.Limited),
            Cancel = gathering.Cancel,
            Otherwise = command =>
            {
                // From here on nothing is stopped any more: after a first failure the others go on, as in asyncio.
                _hasEnded = true;
                bool isLate = limit is { IsLate: true } && !gathering.IsCancellationRequested && futures.Any(static future => future.IsCanceled);
                TaskTimeoutException? late = isLate
                    ? TaskTimeoutException.ForWait($"The gather of {futures.Length} tasks", limit!.Length)
                    : null;
                if (late is not null && !throwsNone)
                {
                    Throw(ErrorRecords.ForException(late, futures));
                }

                WriteResults(command, gathering, futures, passThru, late);
            },
        });
    }

    private static void WriteResults(
        LoopCommand command, GatherFuture gathering, Future[] futures, bool passThru, TaskTimeoutException? late)
    {
        if (gathering.FirstFailed is { } failed)
        {
            command.ThrowOutcome(failed);
        }

        if (gathering.IsCanceled)
        {
            // By whoever waits for it. That is no result, whatever -ReturnExceptions says.
            Throw(ErrorRecords.ForException(gathering.Exception!, futures));
        }

        foreach (Future future in futures)
        {
            TaskStreamReader.DrainTo(command, future);

            // One that the end of the time has stopped was not stopped by anybody else.
            object? result = future.Fault is not { } fault ? future.Result : late is not null && future.IsCanceled ? late : fault.Exception;
            command.WriteObject(passThru ? future : result);
        }
    }
}
