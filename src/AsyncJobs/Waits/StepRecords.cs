using System.Runtime.ExceptionServices;

namespace AsyncJobs.Waits;

/// <summary>
/// The records of the coroutines' steps that run within a command: each is written by the command that waits for its task,
/// or by this one where none does. On the session's own thread.
/// </summary>
/// <param name="host">The command.</param>
/// <param name="session">Its session.</param>
internal sealed class StepRecords(LoopCommand host, RunspaceLoop session)
{
    private static readonly ScriptBlock Fresh = SharedScriptBlock.Of("& $args[0] $args[1]");

    // What comes while one is being written, since script behind the command may turn the loop, or while none may be.
    private readonly Queue<(StreamRecord Record, bool IsOthers)> _waiting = new();

    // The step that has called the command.
    private readonly IRunningStep? _around = session.CurrentStep;
    private bool _isWriting;
    private bool _hasFailed;
    private Exception? _failure;

    /// <summary>Takes a record of the step that runs now.</summary>
    public void Take(object record)
    {
        AsyncTask? task = session.CurrentStep?.Whole.Task;
        if (task is null || task == _around?.Task)
        {
            Write(record);
        }
        else if (ReaderOf(task) is { } streams)
        {
            streams.Add(record);
            WriteArrived(streams);
        }
        else if (host.TakesRecords && WaiterFor(task) is { } waiter && waiter != host)
        {
            waiter.Records.Write(record);
        }
        else if (host.TakesRecords && WaiterFor(task) is null && ShowingHost() is { } showing)
        {
            // Redirections of a command that does not wait for it are not for it.
            showing.Records.Show(record);
        }
        else if (_failure is not null)
        {
            // For whoever waits for it next.
            TaskStreamReader.Open(task)!.Add(record);
        }
        else
        {
            LoopCommand? failing = record is ErrorRecord ? FailingFor(task) : host;
            if (failing is not null && failing != host && !host.DrawsInPlace)
            {
                failing.Records.Write(record);
            }
            else
            {
                Write(record, isOthers: failing != host && (host.DrawsInPlace || !host.TakesRecords));
            }
        }
    }

    /// <summary>Writes what could not be written before, and throws what writing has thrown.</summary>
    public void Settle()
    {
        WriteWaiting();
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Write(object record, bool isOthers = false)
    {
        _waiting.Enqueue((new StreamRecord(record, IsDecided: true), isOthers));
        WriteWaiting();
    }

    // An error is written by another command, whose place would be within the redirections; in time, since that runs within this.
    private void Show(object record)
    {
        if (record is ErrorRecord || _waiting.Count > 0)
        {
            _waiting.Enqueue((new StreamRecord(record, IsDecided: true), IsOthers: record is ErrorRecord));
        }
        else
        {
            Write(record);
        }
    }

    private void WriteWaiting()
    {
        while (!_isWriting && _failure is null && _waiting.Count > 0 && TryWriteNext())
        {
            _waiting.Dequeue();
        }
    }

    private bool TryWriteNext()
    {
        (StreamRecord record, bool isOthers) = _waiting.Peek();
        return TryWrite(() => WriteNow(record, isOthers));
    }

    // At once where the command itself reads it; a coroutine, or another command, does when it is its turn.
    private void WriteArrived(TaskStreams arrived)
    {
        if (!_isWriting && _failure is null && host.Streams.Reads(arrived))
        {
            TryWrite(() => host.Streams.WriteTo(host));
        }
    }

    private void WriteNow(StreamRecord record, bool isOthers)
    {
        host.BeforeRecord();
        if (host.Stopping || isOthers)
        {
            // A finally runs, in a command that may not write any more; or the command would fail by what it does not wait for.
            Fresh.InvokeWithContext(ScriptFrame.NoFunctions, [], WriteAsyncRecordCommand.Info, record.Record);
        }
        else
        {
            record.WriteTo(host);
        }
    }

    // What runs behind the command is no part of the step.
    private bool TryWrite(Action write)
    {
        (IRunningStep? step, GroupContext context) = (session.CurrentStep, session.GroupContext);
        (session.CurrentStep, session.GroupContext) = (_around, default);
        _isWriting = true;
        try
        {
            write();
            return true;
        }
        catch (PSInvalidOperationException)
        {
            // A later command of the pipeline has the word.
            return false;
        }
        catch (Exception exception)
        {
            // -ErrorAction Stop, say: it ends the command, and not the step, which knows nothing of it.
            _failure = exception;
            return true;
        }
        finally
        {
            _isWriting = false;
            (session.CurrentStep, session.GroupContext) = (step, context);
        }
    }

    /// <summary>The command that is no success after an error of a coroutine; null where none waits for that.</summary>
    private LoopCommand? FailingFor(AsyncTask task)
    {
        // To look for who waits takes time: one that has failed and is alone cannot fail once more.
        if (_hasFailed && session.Wait is { Outer: null })
        {
            return host;
        }

        LoopCommand? waiter = WaiterFor(task);
        _hasFailed = _hasFailed || waiter == host;
        return waiter;
    }

    /// <summary>Where somebody reads a coroutine's records: its own, or those of a coroutine that awaits it.</summary>
    private TaskStreams? ReaderOf(AsyncTask task)
    {
        var seen = new HashSet<AsyncTask>();
        AsyncTask? next = task;
        for (; next is not null && seen.Add(next); next = session.RecordReaders > 0 ? AwaiterOf(next) : null)
        {
            if (next.Streams is TaskStreams { OnRecord: not null } streams)
            {
                return streams;
            }
        }

        return null;
    }

    /// <summary>Which of the commands that turn the loop inside each other waits for a coroutine, or for one that awaits it.</summary>
    private LoopCommand? WaiterFor(AsyncTask task)
    {
        var seen = new HashSet<AsyncTask>();
        for (AsyncTask? next = task; next is not null && seen.Add(next); next = AwaiterOf(next))
        {
            for (TurnInfo? wait = session.Wait; wait is not null; wait = wait.Outer)
            {
                if (wait.Things.Contains(next))
                {
                    return wait.Host as LoopCommand;
                }
            }
        }

        return null;
    }

    /// <summary>The innermost of the commands that run steps around this one whose parameters and redirections say nothing of records.</summary>
    private LoopCommand? ShowingHost() => session.Waiters.OfType<LoopCommand>().FirstOrDefault(static command => !command.TakesRecords);

    private AsyncTask? AwaiterOf(AsyncTask task) =>
        session.Tasks.GetPending().FirstOrDefault(other => other.Wait is { } wait and not TurnInfo && wait.Things.Contains(task));
}
