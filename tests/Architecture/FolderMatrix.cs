using System.Globalization;

namespace AsyncJobs.Architecture;

/// <summary>Writes the folders of an assembly as a table: how many types of the column's folder the row's uses.</summary>
internal static class FolderMatrix
{
    /// <summary>Writes the table, and under it the cycles and the two-way pairs.</summary>
    /// <param name="graph">The folders.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(FolderGraph graph, TextWriter writer)
    {
        string[] folders = [.. graph.Folders];
        string[] others = [.. graph.Outward.Select(use => use.Type.Assembly).Distinct().Order(StringComparer.Ordinal)];
        int width = folders.Max(folder => folder.Length) + 4;

        writer.WriteLine($"{graph.Assembly}: {folders.Length} folders; how many types of each column the row uses (* both ways)");
        string columns = string.Concat(folders.Select((_, i) => Cell(Number(i))));
        writer.WriteLine(new string(' ', width) + columns + string.Concat(others.Select(other => $"  {other}")));
        for (int row = 0; row < folders.Length; row++)
        {
            string name = $"{Number(row),2} {folders[row]}".PadRight(width);
            string cells = string.Concat(folders.Select(column => Cell(CountOf(graph, folders[row], column))));
            string outward = string.Concat(others.Select(other => "  " + OutwardCount(graph, folders[row], other).PadLeft(other.Length)));
            writer.WriteLine((name + cells + outward).TrimEnd());
        }

        string sum = $"{graph.Cycles.Sum(cycle => cycle.Count)} folders";
        WriteList(writer, "Cycles", graph.Cycles.Select(cycle => string.Join(", ", cycle)), sum);
        WriteList(writer, "Two-way pairs", graph.TwoWayPairs.Select(pair => $"{pair.First} <-> {pair.Second}"));
    }

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    private static string Cell(string text) => text.PadLeft(5);

    private static string CountOf(FolderGraph graph, string from, string to)
    {
        int count = graph.CountTypes(from, to);
        return from == to ? "#"
            : count == 0 ? "."
            : graph.CountTypes(to, from) == 0 ? count.ToString(CultureInfo.InvariantCulture)
            : $"{count}*";
    }

    private static string OutwardCount(FolderGraph graph, string from, string assembly)
    {
        IEnumerable<TypeUse> uses = graph.Outward.Where(use => use.File.Folder == from && use.Type.Assembly == assembly);
        int count = uses.Select(use => use.Type.Name).Distinct().Count();
        return count == 0 ? "." : count.ToString(CultureInfo.InvariantCulture);
    }

    private static void WriteList(TextWriter writer, string title, IEnumerable<string> lines, string? sum = null)
    {
        string[] all = [.. lines];
        writer.WriteLine($"{title}: {all.Length}{(all.Length == 0 || sum is null ? "" : $", of {sum}")}");
        Array.ForEach(all, line => writer.WriteLine($"    {line}"));
    }
}
