using System.Collections;

namespace AsyncJobs.Jobs;

/// <summary>
/// Takes a copy of what a job and its children have written and write from now on, so that it does not matter who
/// receives from the job meanwhile, or removes it.
/// </summary>
internal sealed class JobRecords : IDisposable
{
    private readonly List<List<object?>> _outputs = [];
    private readonly List<Action> _unsubscribe = [];

    /// <param name="job">The job.</param>
    /// <param name="streams">Gets the records of all streams but the output.</param>
    public JobRecords(Job job, TaskStreams streams)
    {
        foreach (Job part in PartsOf(job))
        {
            var output = new List<object?>();
            _outputs.Add(output);
            Read(part.Output, item =>
            {
                lock (output)
                {
                    output.Add(item);
                }
            });
            Read(part.Error, streams.Add);
            Read(part.Warning, streams.Add);
            Read(part.Verbose, streams.Add);
            Read(part.Debug, streams.Add);
            Read(part.Information, streams.Add);
            Read(part.Progress, streams.Add);
        }
    }

    /// <summary>A job and all below it, the children of each in order.</summary>
    public static IEnumerable<Job> PartsOf(Job job) => job.ChildJobs.SelectMany(PartsOf).Prepend(job);

    /// <summary>The output so far, child by child, as Receive-Job writes it.</summary>
    public TaskOutput TakeOutput()
    {
        var all = new List<object?>();
        foreach (List<object?> output in _outputs)
        {
            // A job that did not stop in time may still write.
            lock (output)
            {
                all.AddRange(output);
            }
        }

        return new TaskOutput(all);
    }

    public void Dispose()
    {
        foreach (Action unsubscribe in _unsubscribe)
        {
            unsubscribe();
        }
    }

    private void Read<T>(PSDataCollection<T> source, Action<T> take)
    {
        int taken = 0;
        void OnAdded(object? sender, DataAddedEventArgs added) => TakeFrom(added.Index);
        void TakeFrom(int index)
        {
            // The collection's own lock, under which it raises the event.
            lock (((ICollection)source).SyncRoot)
            {
                // Receive-Job may have emptied it, and then the numbers begin again.
                for (taken = Math.Min(taken, index); taken < source.Count; taken++)
                {
                    take(source[taken]);
                }
            }
        }

        source.DataAdded += OnAdded;
        _unsubscribe.Add(() => source.DataAdded -= OnAdded);
        TakeFrom(0);
    }
}
