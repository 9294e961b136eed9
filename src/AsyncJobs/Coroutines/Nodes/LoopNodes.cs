using System.Collections;
using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>if, elseif, else.</summary>
internal sealed class IfNode((CoroutineNode Test, string Variable, CoroutineNode Body)[] clauses, CoroutineNode otherwise) : CoroutineNode
{
    protected internal override string Text => "if";

    public override void Accept(NodeVisitor visitor)
    {
        for (int i = 0; i < clauses.Length; i++)
        {
            visitor.Part("test", ref clauses[i].Test);
            visitor.Part("then", ref clauses[i].Body);
        }

        visitor.Part("else", ref otherwise);
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        foreach ((CoroutineNode test, string variable, CoroutineNode body) in clauses)
        {
            Flow flow = await test.RunAsync(frame).ConfigureAwait(false);
            if (!flow.IsNext)
            {
                return flow;
            }

            if (LanguagePrimitives.IsTrue(frame.Variables[variable].Value))
            {
                return await body.RunAsync(frame).ConfigureAwait(false);
            }
        }

        return await otherwise.RunAsync(frame).ConfigureAwait(false);
    }
}

/// <summary>while, do-while, do-until and for, which differ in where and what they test.</summary>
internal sealed class LoopNode(
    string? label, CoroutineNode before, CoroutineNode? test, string variable, bool until, bool testFirst, CoroutineNode body, CoroutineNode after) : CoroutineNode
{
    protected internal override string Text => $"loop{(testFirst ? "" : ", test last")}{(until ? ", until" : "")}";

    public override void Accept(NodeVisitor visitor)
    {
        visitor.Part("first", ref before);
        visitor.Part("test", ref test);
        visitor.Part("do", ref body);
        visitor.Part("then", ref after);
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        Flow flow = await before.RunAsync(frame).ConfigureAwait(false);
        if (!flow.IsNext)
        {
            return flow;
        }

        for (bool isFirst = true; ; isFirst = false)
        {
            if (test is not null && (testFirst || !isFirst))
            {
                flow = await test.RunAsync(frame).ConfigureAwait(false);
                if (!flow.IsNext)
                {
                    return flow;
                }

                if (LanguagePrimitives.IsTrue(frame.Variables[variable].Value) == until)
                {
                    return Flow.Next;
                }
            }

            flow = await body.RunAsync(frame).ConfigureAwait(false);
            if (!flow.IsNext && !flow.Targets(label))
            {
                return flow;
            }

            if (flow.Kind == FlowKind.Break)
            {
                return Flow.Next;
            }

            flow = await after.RunAsync(frame).ConfigureAwait(false);
            if (!flow.IsNext)
            {
                return flow;
            }
        }
    }
}

/// <summary>foreach.</summary>
internal sealed class ForEachNode(string? label, CoroutineNode collection, string values, string item, CoroutineNode body, Segment step) : CoroutineNode
{
    protected internal override string Text => $"foreach ${item} in {SourceText.OfVariable(values)}";

    public override void Accept(NodeVisitor visitor)
    {
        visitor.Part("of", ref collection);
        visitor.Part("do", ref body);
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        Flow flow = await collection.RunAsync(frame).ConfigureAwait(false);
        if (!flow.IsNext)
        {
            return flow;
        }

        object? value = frame.Variables[values].Value;
        frame.Variables[values].Value = null;
        IEnumerator items = Iteration.Of(value);
        _ = frame.Variables[item];
        frame.Variables.Own(item);
        PSVariable enumerator = frame.Variables["foreach"];
        object? outer = enumerator.Value;
        try
        {
            enumerator.Value = items;
            while (Iteration.MoveNext(frame, items, step))
            {
                Iteration.Assign(frame, frame.Variables[item], items.Current, step);
                flow = await body.RunAsync(frame).ConfigureAwait(false);
                if (!flow.IsNext && !flow.Targets(label))
                {
                    return flow;
                }

                if (flow.Kind == FlowKind.Break)
                {
                    break;
                }
            }
        }
        finally
        {
            enumerator.Value = outer;
            (items as IDisposable)?.Dispose();
        }

        return Flow.Next;
    }
}

/// <summary>switch: which clauses match an item is found natively, so that -Regex, -Wildcard and the rest mean what they mean.</summary>
internal sealed class SwitchNode(
    string? label,
    CoroutineNode condition,
    string values,
    string item,
    (CoroutineNode Before, CoroutineNode Test, CoroutineNode Body)[] clauses,
    string matched,
    CoroutineNode? otherwise,
    Segment step) : CoroutineNode
{
    protected internal override string Text => $"switch {SourceText.OfVariable(values)}, each {SourceText.OfVariable(item)}";

    public override void Accept(NodeVisitor visitor)
    {
        visitor.Part("of", ref condition);
        for (int i = 0; i < clauses.Length; i++)
        {
            visitor.Part("first", ref clauses[i].Before);
            visitor.Part("test", ref clauses[i].Test);
            visitor.Part("then", ref clauses[i].Body);
        }

        visitor.Part("default", ref otherwise);
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        Flow flow = await condition.RunAsync(frame).ConfigureAwait(false);
        if (!flow.IsNext)
        {
            return flow;
        }

        object? value = frame.Variables[values].Value;
        (object? outer, PSVariable enumerator) = (frame.BorrowUnderscore(frame.Underscore), frame.Variables["switch"]);
        object? outerEnumerator = enumerator.Value;
        IEnumerator items = value is null ? new object?[] { null }.GetEnumerator() : Iteration.Of(value);
        try
        {
            enumerator.Value = items;
            while (Iteration.MoveNext(frame, items, step))
            {
                frame.Variables[item].Value = new[] { items.Current };

                // A step that is given the nothing that a command has written for $_ has none.
                frame.Underscore = ReferenceEquals(items.Current, AutomationNull.Value) ? null : items.Current;
                flow = await RunItemAsync(frame).ConfigureAwait(false);
                if (flow.IsNext || (flow.Kind == FlowKind.Continue && flow.Targets(label)))
                {
                    continue;
                }

                return flow.Targets(label) ? Flow.Next : flow;
            }
        }
        finally
        {
            (frame.Underscore, enumerator.Value) = (outer, outerEnumerator);
        }

        return Flow.Next;
    }

    private async ValueTask<Flow> RunItemAsync(CoroutineFrame frame)
    {
        bool any = false;
        foreach ((CoroutineNode before, CoroutineNode test, CoroutineNode body) in clauses)
        {
            Flow jump = await before.RunAsync(frame).ConfigureAwait(false);
            if (!jump.IsNext)
            {
                return jump;
            }

            jump = await test.RunAsync(frame).ConfigureAwait(false);
            if (!jump.IsNext)
            {
                return jump;
            }

            if (LanguagePrimitives.IsTrue(frame.Variables[matched].Value))
            {
                any = true;
                Flow flow = await body.RunAsync(frame).ConfigureAwait(false);
                if (!flow.IsNext)
                {
                    return flow;
                }
            }
        }

        return any || otherwise is null ? Flow.Next : await otherwise.RunAsync(frame).ConfigureAwait(false);
    }
}
