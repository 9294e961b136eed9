using System.Runtime.CompilerServices;

namespace AsyncJobs.Waits;

/// <summary>What a session has subscribed to for queues: it ends with the queue or with the session, and holds neither.</summary>
internal sealed class ObjectEventSubscriptions : IDisposable
{
    private readonly ConditionalWeakTable<AsyncQueue, List<Action>> _ends = [];

    /// <summary>
    /// The subscriptions of a session; for a thread task those of the session that started it, since its own is another task's
    /// next.
    /// </summary>
    public static ObjectEventSubscriptions Of(RunspaceLoop session)
    {
        RunspaceLoop owner = session.Members.FirstOrDefault(static member => !member.IsWorker) ?? session;
        return owner.Part(static _ => new ObjectEventSubscriptions());
    }

    /// <summary>Puts each event of an object into a queue from now on.</summary>
    /// <exception cref="QueueShutDownException">The queue is closed.</exception>
    public void Add(ObjectEvent source, AsyncQueue queue)
    {
        IDisposable? subscription = null;
        bool isOver = false;
        void End()
        {
            Volatile.Write(ref isOver, true);
            Volatile.Read(ref subscription)?.Dispose();
        }

        Action end = End;
        queue.AddSource(end);
        try
        {
            Volatile.Write(ref subscription, source.Subscribe(queue.Offer));
        }
        catch
        {
            queue.RemoveSource(end);
            throw;
        }

        if (Volatile.Read(ref isOver))
        {
            // The queue was closed in this instant.
            End();
        }

        List<Action> ends = _ends.GetOrCreateValue(queue);
        lock (ends)
        {
            ends.Add(() =>
            {
                queue.RemoveSource(end);
                end();
            });
        }
    }

    /// <summary>Ends all.</summary>
    public void Dispose()
    {
        foreach ((_, List<Action> ends) in _ends)
        {
            lock (ends)
            {
                ends.ForEach(static end => end());
                ends.Clear();
            }
        }
    }
}
