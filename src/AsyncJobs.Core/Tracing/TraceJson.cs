using System.Globalization;
using System.Text.Json;

namespace AsyncJobs.Core.Tracing;

/// <summary>
/// Writes the trace-event format: each task as nested asynchronous events, what runs on a thread as complete ones, and how
/// many tasks there are of each state as a counter.
/// </summary>
internal static class TraceJson
{
    private const string TaskCategory = "task";
    private const int FlushSize = 32 * 1024;

    public static void Write(TraceModel model, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteString("displayTimeUnit", "ms");
        writer.WriteStartObject("otherData");
        writer.WriteString("producer", "AsyncJobs");
        writer.WriteString("startedAt", model.StartedAt);
        writer.WriteNumber("droppedEvents", model.DroppedCount);
        writer.WriteEndObject();
        writer.WriteStartArray("traceEvents");
        WriteMetadata(writer, model);
        foreach ((long _, int _, Action<Utf8JsonWriter> write) in Events(model).OrderBy(static item => item.Time).ThenBy(static item => item.Rank))
        {
            write(writer);
            if (writer.BytesPending > FlushSize)
            {
                writer.Flush();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, TraceModel model)
    {
        WriteName(writer, "process_name", 0, "AsyncJobs");
        foreach (TraceThread thread in model.Threads)
        {
            WriteName(writer, "thread_name", thread.Id, thread.Name);
        }
    }

    private static void WriteName(Utf8JsonWriter writer, string what, int thread, string name)
    {
        Begin(writer, "M", what, 0, thread);
        writer.WriteStartObject("args");
        writer.WriteString("name", name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // Of one moment, what ends comes before what begins, and of what begins the outer first.
    private static IEnumerable<(long Time, int Rank, Action<Utf8JsonWriter> Write)> Events(TraceModel model)
    {
        foreach (TraceLane lane in model.Lanes)
        {
            yield return (lane.Start, 2, writer => WriteTask(writer, lane));
            foreach (TraceSpan span in lane.Spans)
            {
                yield return (span.Start, 3, writer => WriteSpan(writer, lane, span));
                yield return (span.End, 0, writer => WriteEnd(writer, lane, NameOf(span), span.End));
                if (span.Thread != 0)
                {
                    yield return (span.Start, 4, writer => WriteComplete(writer, lane.Name, span.Start, span.End, span.Thread, lane.Id, span.Place));
                }
            }

            if (lane.CanceledAt is { } canceledAt)
            {
                yield return (canceledAt, 4, writer => WriteCanceled(writer, lane, canceledAt));
            }

            yield return (lane.End, 1, writer => WriteEnd(writer, lane, lane.Name, lane.End));
        }

        foreach ((long start, long end, int thread) in model.Callbacks)
        {
            yield return (start, 4, writer => WriteComplete(writer, "callback", start, end, thread, task: 0, place: null));
        }
    }

    private static string NameOf(TraceSpan span) => span.What is null ? TraceNames.Of(span.State) : $"{TraceNames.Of(span.State)}: {span.What}";

    private static void WriteTask(Utf8JsonWriter writer, TraceLane lane)
    {
        BeginAsync(writer, "b", lane.Name, lane.Start, lane);
        writer.WriteStartObject("args");
        writer.WriteNumber("task", lane.Id);
        writer.WriteString("kind", lane.Kind);
        WriteKnown(writer, "command", lane.Command);
        WriteKnown(writer, "input", lane.Input);
        WriteKnown(writer, "origin", lane.Origin);
        WriteKnown(writer, "outcome", lane.Outcome?.ToString());
        WriteKnown(writer, "message", lane.Message);
        if (lane.Parent != 0)
        {
            writer.WriteNumber("parent", lane.Parent);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSpan(Utf8JsonWriter writer, TraceLane lane, TraceSpan span)
    {
        BeginAsync(writer, "b", NameOf(span), span.Start, lane);
        writer.WriteStartObject("args");
        WriteKnown(writer, "place", span.Place);
        if (span.Others.Length > 0)
        {
            writer.WriteStartArray("tasks");
            Array.ForEach(span.Others, writer.WriteNumberValue);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter writer, TraceLane lane, string name, long time)
    {
        BeginAsync(writer, "e", name, time, lane);
        writer.WriteEndObject();
    }

    private static void WriteCanceled(Utf8JsonWriter writer, TraceLane lane, long time)
    {
        BeginAsync(writer, "n", "cancellation asked for", time, lane);
        writer.WriteEndObject();
    }

    private static void WriteComplete(Utf8JsonWriter writer, string name, long start, long end, int thread, int task, string? place)
    {
        Begin(writer, "X", name, start, thread);
        writer.WriteString("cat", "thread");
        writer.WriteNumber("dur", Microseconds(end - start));
        writer.WriteStartObject("args");
        if (task != 0)
        {
            writer.WriteNumber("task", task);
        }

        WriteKnown(writer, "place", place);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void BeginAsync(Utf8JsonWriter writer, string phase, string name, long time, TraceLane lane)
    {
        Begin(writer, phase, name, time, thread: 0);
        writer.WriteString("cat", TaskCategory);
        writer.WriteString("id", lane.Id.ToString(CultureInfo.InvariantCulture));
    }

    private static void Begin(Utf8JsonWriter writer, string phase, string name, long time, int thread)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("ph", phase);
        writer.WriteNumber("ts", Microseconds(time));
        writer.WriteNumber("pid", Environment.ProcessId);
        writer.WriteNumber("tid", thread);
    }

    private static void WriteKnown(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static decimal Microseconds(long nanoseconds) => nanoseconds / 1000m;
}
