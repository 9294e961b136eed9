using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AsyncJobs;

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
        List<object?> outer = frame.Output;
        frame.Output = written;
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
            frame.Output = outer;
        }

        // A quirk of PowerShell's: what a statement wrote before it jumped is the block's output; not so from @( ).
        if (!flow.IsNext && !asArray)
        {
            outer.AddRange(written);
        }

        if (flow.IsNext)
        {
            for (int i = 0; i < written.Count; i++)
            {
                written[i] = Unwrapped(written[i]);
            }

            frame.Variable(variable).Value = asArray ? written.ToArray() : written.Count switch
            {
                0 => AutomationNull.Value,
                1 => written[0],
                _ => written.ToArray(),
            };
        }

        return flow;
    }

    // A native step's output comes wrapped; a value inside a script is not, unless something has been added to it.
    private static object? Unwrapped(object? value) =>
        value is PSObject { BaseObject: var inner and not PSCustomObject } wrapped
        && (inner is not (ValueType or string) || wrapped.Properties.Match("*", PSMemberTypes.NoteProperty).Count == 0)
            ? inner
            : value;
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
        if (frame.Variable(variable).Value.Bare() is ScriptBlock body)
        {
            frame.DefineFunction(name, body);
        }

        return new ValueTask<Flow>(Flow.Next);
    }
}
