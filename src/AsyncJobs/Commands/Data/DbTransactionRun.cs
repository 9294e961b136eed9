using System.Data;

namespace AsyncJobs.Commands.Data;

/// <summary>One transaction around a block, the same whoever runs the block, a cmdlet or a coroutine. On the loop's thread.</summary>
internal sealed class DbTransactionRun
{
    private readonly RunspaceLoop _session;
    private readonly TaskOptions _options;
    private readonly AsyncTask _beginning;
    private AsyncTask? _ending;

    public DbTransactionRun(RunspaceLoop session, AsyncDbSource source, IsolationLevel isolationLevel, TimeSpan? limit, TaskOptions options)
    {
        _session = session;
        _options = options;
        _beginning = session.Runner.Start(
            AsyncTaskKind.IO, async (_, stop) => await AsyncDbTransaction.BeginAsync(source, isolationLevel, limit, stop).ConfigureAwait(false), options, source);
        _beginning.MarkObserved();
    }

    /// <summary>The transaction, once it has begun.</summary>
    public AsyncDbTransaction Transaction => (AsyncDbTransaction)_beginning.Result!;

    /// <summary>The wait for the beginning. One that is cut short leaves no transaction behind.</summary>
    public WaitRequest Begin() => FutureRequest.For(_beginning) with
    {
        Output = () => _beginning.Fault is null ? [] : null,
        Undo = () =>
        {
            _beginning.Cancel("the transaction was given up");
            _beginning.OnCompleted(begun => _ = (begun.Result as AsyncDbTransaction)?.EndAsync(commits: false));
        },
        Item = () => Transaction,
        Exit = Leave,
    };

    /// <summary>The block has ended: commits, or rolls back what it failed with. Neither can be cancelled.</summary>
    /// <param name="failure">What the block threw; null where it ended well.</param>
    public WaitRequest Leave(Exception? failure)
    {
        AsyncDbTransaction transaction = Transaction;
        _ending ??= _session.Runner.Start(
            AsyncTaskKind.IO,
            async (_, _) =>
            {
                await transaction.EndAsync(commits: failure is null).ConfigureAwait(false);
                return TaskOutput.None;
            },
            _options,
            transaction.Source);
        _ending.MarkObserved();
        string? canceled = null;
        bool isCanceled = false;
        return FutureRequest.For(_ending) with
        {
            Ending = WaitCompletion.Open,
            Cancel = reason =>
            {
                (isCanceled, canceled) = (true, reason);
                return true;
            },
            Output = () => _ending.Fault is null && !isCanceled ? [] : null,
            Otherwise = command =>
            {
                if (_ending.Fault is not null)
                {
                    command.ThrowOutcome(_ending);
                }

                LoopCommand.Throw(ErrorRecords.ForException(Future.CanceledException(canceled), transaction));
            },
        };
    }

    /// <summary>Waits for the end, where no loop can be turned any more.</summary>
    public void WaitUntilEnded(TimeSpan limit) => _ending?.AsTask().ContinueWith(static _ => { }, TaskScheduler.Default).Wait(limit);
}
