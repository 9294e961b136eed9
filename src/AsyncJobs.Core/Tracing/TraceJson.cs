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
        foreach (Entry entry in Sorted(model))
        {
            Write(writer, model, entry);
            writer.FlushIfLarge();
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

    private static Entry[] Sorted(TraceModel model)
    {
        var entries = new List<Entry>((4 * model.SpanCount) + (2 * model.Lanes.Count));
        foreach (TraceLane lane in model.Lanes)
        {
            entries.Add(new Entry(lane.Start, EntryKind.TaskBegins, lane, 0, lane.End));
            entries.Add(new Entry(lane.End, EntryKind.TaskEnds, lane, 0, lane.End));
            for (int i = 0; i < lane.Spans.Count; i++)
            {
                TraceSpan span = lane.Spans[i];
                entries.Add(new Entry(span.Start, EntryKind.SpanBegins, lane, i, span.End));
                entries.Add(new Entry(span.End, EntryKind.SpanEnds, lane, i, span.End));
                if (span.Thread != 0)
                {
                    entries.Add(new Entry(span.Start, EntryKind.Run, lane, i, span.End));
                }
            }

            if (lane.CanceledAt is { } canceledAt)
            {
                entries.Add(new Entry(Math.Clamp(canceledAt, lane.Start, lane.End - 1), EntryKind.Canceled, lane, 0, canceledAt));
            }
        }

        for (int i = 0; i < model.Callbacks.Count; i++)
        {
            entries.Add(new Entry(model.Callbacks[i].Start, EntryKind.Callback, null, i, model.Callbacks[i].End));
        }

        Entry[] sorted = [.. entries];
        Array.Sort(sorted);
        return sorted;
    }

    private static void Write(Utf8JsonWriter writer, TraceModel model, Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.TaskBegins:
                WriteTask(writer, entry.Lane!);
                break;
            case EntryKind.TaskEnds:
                WriteEnd(writer, entry.Lane!, entry.Lane!.Name, entry.Time);
                break;
            case EntryKind.SpanBegins:
                WriteSpan(writer, entry.Lane!, entry.Lane!.Spans[entry.Index]);
                break;
            case EntryKind.SpanEnds:
                WriteEnd(writer, entry.Lane!, NameOf(entry.Lane!.Spans[entry.Index]), entry.Time);
                break;
            case EntryKind.Run:
                TraceSpan span = entry.Lane!.Spans[entry.Index];
                WriteComplete(writer, entry.Lane.Name, span.Start, span.End, span.Thread, entry.Lane.Id, span.Place);
                break;
            case EntryKind.Canceled:
                WriteCanceled(writer, entry.Lane!, entry.Time);
                break;
            default:
                (long start, long end, int thread) = model.Callbacks[entry.Index];
                WriteComplete(writer, "callback", start, end, thread, task: 0, place: null);
                break;
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

    // Of one moment, in this order: what ends comes before what begins, and of what begins the outer first.
    private enum EntryKind : byte
    {
        SpanEnds,
        TaskEnds,
        TaskBegins,
        SpanBegins,
        Canceled,
        Run,
        Callback,
    }

    /// <summary>One event of the file, before it is written.</summary>
    private readonly record struct Entry(long Time, EntryKind Kind, TraceLane? Lane, int Index, long End) : IComparable<Entry>
    {
        public int CompareTo(Entry other)
        {
            int order = Time.CompareTo(other.Time);
            order = order != 0 ? order : Kind.CompareTo(other.Kind);
            return order != 0 ? order : other.End.CompareTo(End);
        }
    }
}
