namespace AsyncJobs;

/// <summary>A trace that is over: what every task did while it was taken, and what for. Safe to use from any thread.</summary>
/// <remarks>
/// Inputs and command texts of tasks are in it as people see them, web addresses without user, password and the values of
/// their query. It holds no headers, bodies and results of tasks.
/// </remarks>
public sealed class AsyncTrace
{
    private readonly TraceModel _model;

    internal AsyncTrace(TraceModel model)
    {
        _model = model;
        TaskCount = model.Lanes.Count(static lane => !lane.IsScript);
        SpanCount = model.SpanCount;
    }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt => _model.StartedAt;

    /// <summary>How long it was; where it was full, until then.</summary>
    public TimeSpan Duration => TimeSpan.FromMicroseconds(_model.Duration / 1000.0);

    /// <summary>How many tasks are in it.</summary>
    public int TaskCount { get; }

    /// <summary>How many spans are in it: what a task did, or waited for, from here to there.</summary>
    public int SpanCount { get; }

    /// <summary>How many events were recorded.</summary>
    public long EventCount => _model.EventCount;

    /// <summary>How many events found no room, and are missing at its end.</summary>
    public long DroppedCount => _model.DroppedCount;

    /// <summary>Writes the trace to a file that takes its name when it is whole; one that is there is replaced.</summary>
    /// <param name="path">The file: .json for the trace-event format, .html for a page. A relative path is one of the process.</param>
    /// <exception cref="TraceFormatException">The path ends in something else.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Save(path, force: false, newOnly: false);

    /// <summary>Writes the trace to a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="force">Replaces a file that is read-only, too.</param>
    /// <param name="newOnly">Refuses to replace any.</param>
    internal void Save(string path, bool force, bool newOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        TraceFormat format = FormatOf(path);
        using AtomicFile file = AtomicFile.Create(path, force, newOnly);
        try
        {
            if (format == TraceFormat.Json)
            {
                TraceJson.Write(_model, file.Stream);
            }
            else
            {
                TracePage.Write(_model, file.Stream);
            }
        }
        catch (IOException exception)
        {
            throw file.WithTargetName(exception);
        }

        file.Commit(CancellationToken.None);
    }

    /// <summary>What a file is to be written as.</summary>
    internal static TraceFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSON" => TraceFormat.Json,
        ".HTML" or ".HTM" => TraceFormat.Page,
        _ => throw TraceFormatException.For(path),
    };
}
