using System.Collections.Concurrent;

namespace AsyncJobs.Waits;

/// <summary>
/// Where the stream records of the tasks that one cmdlet waits for come in, and the output of those that it reads while
/// they run: other threads announce them, the pipeline thread writes them.
/// </summary>
internal sealed class TaskStreamReader(RunspaceLoop session) : IDisposable
{
    // Each a TaskStreams or a LiveOutput.
    private readonly ConcurrentQueue<object> _announced = new();
    private readonly HashSet<TaskStreams> _attached = [];
    private readonly Dictionary<AsyncTask, LiveOutput> _live = [];
    private readonly ChangeSignal _arrival = new(session.Loop);

    /// <summary>Reads a future's records from now on, if it is of a kind that has any.</summary>
    public void Attach(Future future)
    {
        if (StreamsOf(future) is not { } streams)
        {
            return;
        }

        streams.OnRecord = Announce;
        session.RecordReaders += _attached.Add(streams) && streams.AreCoroutines ? 1 : 0;
        if (streams.HasRecords)
        {
            _announced.Enqueue(streams);
        }
    }

    /// <summary>Whether it reads these.</summary>
    public bool Reads(TaskStreams streams) => _attached.Contains(streams);

    /// <summary>Reads a task's output, too, from now on; what it has written by now comes first.</summary>
    public void AttachOutput(AsyncTask task)
    {
        var output = new LiveOutput(task, Announce);
        if (_live.TryAdd(task, output))
        {
            task.AddReader(output);
        }
    }

    /// <summary>Lets go of a future whose records have all been written.</summary>
    public void Detach(Future future)
    {
        if (StreamsOf(future) is { } streams && _attached.Remove(streams))
        {
            streams.OnRecord = null;
            session.RecordReaders -= streams.AreCoroutines ? 1 : 0;
        }
    }

    /// <summary>Writes what has come in.</summary>
    public void WriteTo(PSCmdlet cmdlet)
    {
        while (_announced.TryDequeue(out object? announced))
        {
            if (announced is TaskStreams streams)
            {
                Drain(cmdlet, streams);
            }
            else
            {
                Drain(cmdlet, (LiveOutput)announced);
            }
        }
    }

    /// <summary>Writes what is left of a finished future's records and output, and lets go of it.</summary>
    public void WriteRest(LoopCommand command, Future future)
    {
        if (future is AsyncTask task && _live.Remove(task, out LiveOutput? output))
        {
            task.RemoveReader(output);
            task.MarkObserved();
            DrainTo(command, future);
            Drain(command, output);
        }
        else
        {
            command.WriteOutput(future);
        }

        Detach(future);
    }

    /// <summary>Done when something has come in.</summary>
    public Future NextArrival() => _arrival.NextChange(() => !_announced.IsEmpty);

    /// <summary>Has a coroutine keep its records for a reader; null where a future is of no kind that has any.</summary>
    public static TaskStreams? Open(Future future)
    {
        if (future is AsyncTask { IsCoroutine: true, Streams: null } task)
        {
            task.Streams = new TaskStreams { Owner = task, AreCoroutines = true };
        }

        return StreamsOf(future);
    }

    /// <summary>Whether a future is of a kind that has records.</summary>
    public static bool HasStreams(Future future) => StreamsOf(future) is not null;

    /// <summary>Whether a future has records that nobody has written yet.</summary>
    public static bool HasRecords(Future future) => StreamsOf(future) is { HasRecords: true };

    /// <summary>Writes what is left of one future's records.</summary>
    public static void DrainTo(PSCmdlet cmdlet, Future future)
    {
        if (StreamsOf(future) is { } streams)
        {
            Drain(cmdlet, streams);
        }
    }

    public void Dispose()
    {
        foreach (TaskStreams streams in _attached)
        {
            streams.OnRecord = null;
        }

        foreach ((AsyncTask task, LiveOutput output) in _live)
        {
            task.RemoveReader(output);
        }

        session.RecordReaders -= _attached.Count(static streams => streams.AreCoroutines);
        _attached.Clear();
        _live.Clear();
    }

    private static TaskStreams? StreamsOf(Future future) => (future as AsyncTask)?.Streams as TaskStreams;

    private static void Drain(PSCmdlet cmdlet, TaskStreams streams)
    {
        while (streams.TryTake(out StreamRecord? record))
        {
            record.WriteTo(cmdlet);
        }
    }

    private static void Drain(Cmdlet cmdlet, LiveOutput output)
    {
        while (output.TryRead(out object? written))
        {
            cmdlet.WriteObject(written);
        }
    }

    private void Announce(object written)
    {
        _announced.Enqueue(written);
        _arrival.Notify();
    }
}
