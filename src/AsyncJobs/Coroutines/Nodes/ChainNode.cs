namespace AsyncJobs.Coroutines.Nodes;

/// <summary>One pipeline of a chain.</summary>
/// <param name="node">What it does; it leaves in a variable whether it succeeded.</param>
/// <param name="traps">Those of the list that the chain is in, which an error that ends it is for.</param>
/// <param name="after">Whether it runs after a success (<c>&amp;&amp;</c>) or a failure (<c>||</c>); null for the first.</param>
internal sealed class ChainPart(CoroutineNode node, TrapHandler? traps, bool? after)
{
    public CoroutineNode Node => node;

    public TrapHandler? Traps => traps;

    public bool? After => after;

    /// <summary>Shows the pipeline.</summary>
    public void Accept(NodeVisitor visitor) => visitor.Part(after is null ? string.Empty : after.Value ? "&&" : "||", ref node);
}

/// <summary>Pipelines joined by <c>&amp;&amp;</c> and <c>||</c>. An error that ends one of them and that a trap takes is its failure.</summary>
internal sealed class ChainNode(ChainPart[] parts, string succeeded) : CoroutineNode
{
    protected internal override string Text => "chain";

    public override void Accept(NodeVisitor visitor)
    {
        foreach (ChainPart part in parts)
        {
            part.Accept(visitor);
        }
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        OutputTarget output = frame.Output;
        PSVariable success = frame.Variables[succeeded];
        foreach (ChainPart part in parts)
        {
            if (part.After is { } wanted && LanguagePrimitives.IsTrue(success.Value) != wanted)
            {
                continue;
            }

            success.Value = true;
            Flow flow = Flow.Next;
            RuntimeException? trapped = null;
            try
            {
                flow = await part.Node.RunAsync(frame).ConfigureAwait(false);
            }
            catch (RuntimeException error) when (part.Traps is not null && error is not PipelineStoppedException)
            {
                frame.Output = output;
                trapped = error;
                success.Value = false;
            }

            frame.NoteSuccess(LanguagePrimitives.IsTrue(success.Value));
            if (trapped is not null)
            {
                flow = await part.Traps!.HandleAsync(frame, trapped).ConfigureAwait(false);
            }

            if (!flow.IsNext)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}
