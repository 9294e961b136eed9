using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>A statement as a value: what it writes goes to a variable, as assigning it would.</summary>
/// <param name="inner">The statement.</param>
/// <param name="variable">The variable; null to drop what it writes.</param>
/// <param name="asArray">Whether one object, too, makes an array.</param>
/// <param name="keepsWritten">Whether what was written before an error goes on.</param>
internal sealed class CaptureNode(CoroutineNode inner, string? variable, bool asArray, bool keepsWritten = false) : CoroutineNode
{
    protected internal override string Text => variable is null ? "drop" : $"{SourceText.OfVariable(variable)} = {(asArray ? "all" : "value")}";

    public override void Accept(NodeVisitor visitor) => ShowPart(visitor);

    /// <summary>The statement, where what it writes is dropped.</summary>
    public CoroutineNode? Dropped => variable is null ? inner : null;

    /// <summary>Shows the statement.</summary>
    public void ShowPart(NodeVisitor visitor) => visitor.Part(string.Empty, ref inner);

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => RunAsync(frame, []);

    /// <summary>Runs it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="written">Gets what it writes.</param>
    public async ValueTask<Flow> RunAsync(CoroutineFrame frame, List<object?> written)
    {
        List<object?> outer = frame.Output.Items;
        Flow flow;
        using (frame.WriteTo(written, isValue: true))
        {
            try
            {
                flow = await inner.RunAsync(frame).ConfigureAwait(false);
            }
            catch (Exception) when (keepsWritten)
            {
                outer.AddRange(written);
                throw;
            }
        }

        // A quirk of PowerShell's: what a statement wrote before it jumped is the block's output; not so from @( ).
        if (!flow.IsNext && !asArray)
        {
            outer.AddRange(written);
        }

        if (flow.IsNext && variable is not null)
        {
            frame.Variables[variable].Value = asArray ? written.ToArray() : written.Count switch
            {
                0 => AutomationNull.Value,
                1 => written[0],
                _ => written.ToArray(),
            };
        }

        return flow;
    }
}

/// <summary>What a variable has to be for something to be done.</summary>
internal enum WhenCondition
{
    Null,
    NotNull,
    True,
    False,
}

/// <summary>What a statement does only where a condition, held in a variable, says so.</summary>
/// <param name="variable">The variable.</param>
/// <param name="condition">What it has to be.</param>
/// <param name="then">What is done.</param>
internal sealed class WhenNode(string variable, WhenCondition condition, CoroutineNode then) : CoroutineNode
{
    protected internal override string Text => $"when {SourceText.OfVariable(variable)} is {condition}";

    public override void Accept(NodeVisitor visitor) => visitor.Part(string.Empty, ref then);

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) =>
        Holds(frame.Variables[variable].Value) ? then.RunAsync(frame) : new ValueTask<Flow>(Flow.Next);

    private bool Holds(object? value) => condition switch
    {
        WhenCondition.Null => value is null || ReferenceEquals(value, AutomationNull.Value),
        WhenCondition.NotNull => value is not null && !ReferenceEquals(value, AutomationNull.Value),
        _ => value is bool known && known == (condition == WhenCondition.True),
    };
}

/// <summary>Turns a variable into the boolean that it counts as.</summary>
internal sealed class TruthNode(string from, string to) : CoroutineNode
{
    protected internal override string Text => $"{SourceText.OfVariable(to)} = truth of {SourceText.OfVariable(from)}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Variables[to].Value = LanguagePrimitives.IsTrue(frame.Variables[from].Value);
        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Defines a function that lasts as long as the coroutine.</summary>
internal sealed class FunctionNode(string name, Segment define, string variable) : CoroutineNode
{
    protected internal override string Text => $"function {name}";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Variables[variable].Value = null;
        define.Run(frame);
        if (frame.Variables[variable].Value.Unwrap() is ScriptBlock body)
        {
            frame.Scope.DefineFunction(name, body);
        }

        return new ValueTask<Flow>(Flow.Next);
    }
}
