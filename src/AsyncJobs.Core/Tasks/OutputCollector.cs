namespace AsyncJobs.Core.Tasks;

/// <summary>What a native operation writes, object by object: its output in the end, and to be read before that.</summary>
internal sealed class OutputCollector : IOutputSource
{
    private readonly AsyncTask _task;
    private readonly List<object?> _written = [];

    private OutputCollector(AsyncTask task)
    {
        _task = task;
        task.Carrier = this;
    }

    /// <summary>Makes a task's output of what a sequence gives, which is kept where that fails or is stopped.</summary>
    /// <param name="task">The task whose work this is.</param>
    /// <param name="sequence">What it writes.</param>
    /// <returns>The task's result.</returns>
    public static async Task<object?> CollectAsync(AsyncTask task, IAsyncEnumerable<object?> sequence)
    {
        var collector = new OutputCollector(task);
        List<object?> written = collector._written;
        try
        {
            await foreach (object? item in sequence.ConfigureAwait(false))
            {
                collector.Add(item);
            }
        }
        catch (Exception exception) when (written.Count > 0)
        {
            throw new TaskFailedException(exception, detail: null, new TaskOutput(written));
        }

        return written is [var only] ? only : new TaskOutput(written);
    }

    /// <inheritdoc/>
    public void PublishOutput()
    {
        lock (_written)
        {
            _task.PublishOutput(_written);
        }
    }

    private void Add(object? item)
    {
        lock (_written)
        {
            _written.Add(item);
            if (_task.HasReaders)
            {
                _task.PublishOutput(_written);
            }
        }
    }
}
