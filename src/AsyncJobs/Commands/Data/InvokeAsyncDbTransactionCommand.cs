using System.Data;
using System.Runtime.ExceptionServices;

namespace AsyncJobs;

/// <summary>
/// Invoke-AsyncDbTransaction: runs a block in a transaction, which is committed when the block ends and rolled back when it fails or is
/// stopped (<c>async with connection.transaction()</c>).
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "AsyncDbTransaction")]
[Suspends(HasBody = true)]
[OutputType(typeof(object))]
public sealed class InvokeAsyncDbTransactionCommand : WaitCommand
{
    // How long Ctrl+C waits for the rollback.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private DbTransactionRun? _open;

    /// <summary>The database.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncDbSource>))]
    public AsyncDbSource Source { get; set; } = null!;

    /// <summary>Runs in the caller's scope, as ForEach-Object's block does; its <c>$_</c> is the transaction.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>What the transaction sees of others' changes; as the server has it unless given.</summary>
    [Parameter]
    public IsolationLevel IsolationLevel { get; set; } = IsolationLevel.Unspecified;

    /// <summary>Seconds until the transaction must have begun; no limit unless given.</summary>
    [Parameter]
    [ValidateRange(SecondsRange.Shortest, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    /// <summary>Begins, runs the block, commits or rolls back; in a coroutine the block is a part of that, which runs it itself.</summary>
    protected override void EndProcessing()
    {
        TimeSpan? limit = TimeoutSec == 0 ? null : TimeSpan.FromSeconds(TimeoutSec);
        var run = new DbTransactionRun(Session, Source, IsolationLevel, limit, new TaskOptions { Origin = Origin, Command = MyInvocation.MyCommand.Name });
        Await(run.Begin());
        if (IsSuspending)
        {
            return;
        }

        _open = run;
        Exception? failure = null;
        try
        {
            CallerScope.Run(this, ScriptBlock, run.Transaction, WriteObject);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        bool commits = failure is null or BreakException or ContinueException;
        WaitRequest leaving = run.Leave(commits ? null : failure);
        if (failure is not PipelineStoppedException)
        {
            // What the block failed with comes before whatever happens now.
            Await(commits ? leaving : leaving with { Output = static () => [] });
            _open = null;
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Ctrl+C, or a later command that has had enough, rolls back.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _open is { } open)
        {
            _open = null;
            open.Leave(new PipelineStoppedException());
            open.WaitUntilEnded(Grace);
        }

        base.Dispose(disposing);
    }
}
