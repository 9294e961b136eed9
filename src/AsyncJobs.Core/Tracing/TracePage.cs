using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AsyncJobs.Core.Tracing;

/// <summary>Writes a page that shows a trace: one file, which needs no other and no network.</summary>
internal static class TracePage
{
    private const string Folder = "AsyncJobs.Core.Tracing.Page.";
    private const int LongestText = 2000;

    public static void Write(TraceModel model, Stream stream)
    {
        string page = Read("trace.html");
        foreach ((string mark, Action<Stream> write) in new (string, Action<Stream>)[]
        {
            ("<!--style-->", target => WriteText(target, Read("trace.css"))),
            ("<!--data-->", target => WriteData(model, target)),
            ("<!--script-->", target => WriteText(target, Read("trace.js"))),
        })
        {
            int at = page.IndexOf(mark, StringComparison.Ordinal);
            WriteText(stream, page[..at]);
            write(stream);
            page = page[(at + mark.Length)..];
        }

        WriteText(stream, page);
    }

    private static string Read(string file)
    {
        using Stream resource = typeof(TracePage).Assembly.GetManifestResourceStream(Folder + file)!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }

    private static void WriteText(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    // The writer's own encoder escapes all that could end the element or the line: <, >, & and what is no ASCII.
    private static void WriteData(TraceModel model, Stream stream)
    {
        var table = new StringTable();
        var others = new List<int[]>();
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteString("started", model.StartedAt.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        writer.WriteNumber("duration", model.Duration);
        writer.WriteNumber("dropped", model.DroppedCount);
        writer.WriteStartArray("lanes");
        foreach (TraceLane lane in model.Lanes)
        {
            WriteLane(writer, model, lane, table);
            writer.FlushIfLarge();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("spans");
        foreach (TraceLane lane in model.Lanes)
        {
            WriteSpans(writer, lane, table, others);
            writer.FlushIfLarge();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("others");
        foreach (int[] ids in others)
        {
            writer.WriteStartArray();
            Array.ForEach(ids, writer.WriteNumberValue);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("strings");
        foreach (string text in table.Texts)
        {
            writer.WriteStringValue(text.Length > LongestText ? text.AsSpan(0, LongestText) : text);
            writer.FlushIfLarge();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteLane(Utf8JsonWriter writer, TraceModel model, TraceLane lane, StringTable table)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(lane.Id);
        writer.WriteNumberValue(table.IndexOf(lane.Name));
        writer.WriteNumberValue(table.IndexOf(lane.Kind));
        writer.WriteNumberValue(table.IndexOf(lane.Command));
        writer.WriteNumberValue(table.IndexOf(lane.Input));
        writer.WriteNumberValue(table.IndexOf(lane.Origin));
        writer.WriteNumberValue(table.IndexOf(model.Loops.GetValueOrDefault(lane.Loop)));
        writer.WriteNumberValue(lane.Parent);
        writer.WriteNumberValue(lane.Start);
        writer.WriteNumberValue(lane.End);
        writer.WriteNumberValue(lane.Outcome switch
        {
            null => 0,
            AsyncState.Completed => 1,
            AsyncState.Failed => 2,
            _ => 3,
        });
        writer.WriteNumberValue(table.IndexOf(lane.Message));
        writer.WriteNumberValue(lane.CanceledAt ?? -1);
        writer.WriteNumberValue(lane.Spans.Count);
        writer.WriteEndArray();
    }

    // A span follows the one before at once, so nearly every first number is 0.
    private static void WriteSpans(Utf8JsonWriter writer, TraceLane lane, StringTable table, List<int[]> others)
    {
        long at = lane.Start;
        foreach (TraceSpan span in lane.Spans)
        {
            writer.WriteNumberValue(span.Start - at);
            writer.WriteNumberValue(span.End - span.Start);
            writer.WriteNumberValue((int)span.State);
            writer.WriteNumberValue(table.IndexOf(span.Place));
            writer.WriteNumberValue(table.IndexOf(span.What));
            writer.WriteNumberValue(span.Others.Length == 0 ? -1 : others.Count);
            if (span.Others.Length > 0)
            {
                others.Add(span.Others);
            }

            at = span.End;
        }
    }

    /// <summary>The texts of a page, each of which is in it once.</summary>
    private sealed class StringTable
    {
        private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

        public List<string> Texts { get; } = [];

        /// <summary>The number of a text; -1 for none.</summary>
        public int IndexOf(string? text)
        {
            if (string.IsNullOrEmpty(text))
            {
                return -1;
            }

            if (!_indexes.TryGetValue(text, out int index))
            {
                _indexes[text] = index = Texts.Count;
                Texts.Add(text);
            }

            return index;
        }
    }
}
