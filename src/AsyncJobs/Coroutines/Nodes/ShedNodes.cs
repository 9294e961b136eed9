namespace AsyncJobs.Coroutines.Nodes;

/// <summary>Has a variable read as nothing where it is not the block's own yet.</summary>
internal sealed class ShedNode(string name) : CoroutineNode
{
    protected internal override string Text => $"hide ${name}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Variables.Shed(name);
        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Has it read as it is again: until it is assigned, the block has none of that name.</summary>
internal sealed class UnshedNode(string name) : CoroutineNode
{
    protected internal override string Text => $"show ${name}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Variables.Unshed(name);
        return new ValueTask<Flow>(Flow.Next);
    }
}
