using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>A statement as a value: what it writes goes to a variable, as assigning it would.</summary>
/// <param name="inner">The statement.</param>
/// <param name="variable">The variable.</param>
/// <param name="asArray">Whether one object, too, makes an array.</param>
/// <param name="keepsWritten">Whether what was written before an error goes on.</param>
internal sealed class CaptureNode(CoroutineNode inner, string variable, bool asArray, bool keepsWritten = false) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) => RunAsync(frame, []);

    /// <summary>Runs it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="written">Gets what it writes.</param>
    public async ValueTask<Flow> RunAsync(CoroutineFrame frame, List<object?> written)
    {
        (List<object?> outer, bool isOuterValue) = (frame.Output, frame.WritesValue);
        (frame.Output, frame.WritesValue) = (written, true);
        Flow flow;
        try
        {
            flow = await inner.RunAsync(frame).ConfigureAwait(false);
        }
        catch (Exception) when (keepsWritten)
        {
            outer.AddRange(written);
            throw;
        }
        finally
        {
            (frame.Output, frame.WritesValue) = (outer, isOuterValue);
        }

        // A quirk of PowerShell's: what a statement wrote before it jumped is the block's output; not so from @( ).
        if (!flow.IsNext && !asArray)
        {
            outer.AddRange(written);
        }

        if (flow.IsNext)
        {
            frame.Variable(variable).Value = asArray ? written.ToArray() : written.Count switch
            {
                0 => AutomationNull.Value,
                1 => written[0],
                _ => written.ToArray(),
            };
        }

        return flow;
    }
}

/// <summary>What a statement does only where a condition, held in a variable, says so.</summary>
internal sealed class WhenNode(string variable, Func<object?, bool> condition, CoroutineNode then) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame) =>
        condition(frame.Variable(variable).Value) ? then.RunAsync(frame) : new ValueTask<Flow>(Flow.Next);
}

/// <summary>Turns a variable into the boolean that it counts as.</summary>
internal sealed class TruthNode(string from, string to) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Variable(to).Value = LanguagePrimitives.IsTrue(frame.Variable(from).Value);
        return new ValueTask<Flow>(Flow.Next);
    }
}

/// <summary>Defines a function that lasts as long as the coroutine.</summary>
internal sealed class FunctionNode(string name, Segment define, string variable) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.Variable(variable).Value = null;
        define.Run(frame);
        if (frame.Variable(variable).Value.Unwrap() is ScriptBlock body)
        {
            frame.DefineFunction(name, body);
        }

        return new ValueTask<Flow>(Flow.Next);
    }
}
