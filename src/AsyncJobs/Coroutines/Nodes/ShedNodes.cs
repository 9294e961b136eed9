namespace AsyncJobs;

/// <summary>Has a variable read as nothing where it is not the block's own yet.</summary>
internal sealed class ShedNode(string name) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Shed(name);
        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Has it read as it is again: until it is assigned, the block has none of that name.</summary>
internal sealed class UnshedNode(string name) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Unshed(name);
        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Behind a statement that assigns to a variable: whether that failed or not, the variable is the block's own by now.</summary>
internal sealed class OwnNode(string name) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Own(name);
        return new ValueTask<Flow>(Flow.Next);
    }
}
