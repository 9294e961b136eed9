namespace AsyncJobs;

/// <summary>One line of what Get-AsyncTask -Tree draws.</summary>
public sealed class TaskTreeNode
{
    internal TaskTreeNode(string line, int depth, object? item, string? position)
    {
        Line = line;
        Depth = depth;
        Item = item;
        Position = position;
    }

    /// <summary>The line as it is drawn.</summary>
    public string Line { get; }

    /// <summary>How many waits stand between it and its root.</summary>
    public int Depth { get; }

    /// <summary>The task, future, lock or other object that the line is about; null for a script.</summary>
    public object? Item { get; }

    /// <summary>File and line where it waits or, if it does not, where it was started; null where neither is known.</summary>
    public string? Position { get; }

    /// <summary>The line as it is drawn.</summary>
    public override string ToString() => Line;
}
