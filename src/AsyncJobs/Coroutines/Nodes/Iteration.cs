using System.Collections;
using System.Management.Automation.Internal;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>How foreach and switch take the items that they go over.</summary>
internal static class Iteration
{
    /// <summary>What goes over a value: over each of its items, or over itself.</summary>
    public static IEnumerator Of(object? value) => value is null || ReferenceEquals(value, AutomationNull.Value)
        ? Array.Empty<object>().GetEnumerator()
        : LanguagePrimitives.GetEnumerator(value) ?? new[] { value }.GetEnumerator();

    /// <summary>Takes the next item; what runs script for it runs within the loop's own statement, and so do its errors.</summary>
    /// <param name="frame">The coroutine.</param>
    /// <param name="items">What is gone over.</param>
    /// <param name="step">Runs what the frame has for it, as a part of the loop.</param>
    public static bool MoveNext(CoroutineFrame frame, IEnumerator items, Segment step)
    {
        try
        {
            return IsPlain(items) ? items.MoveNext() : MoveWithin(frame, items.MoveNext, step);
        }
        catch (Exception exception) when (IsForeign(exception))
        {
            return MoveWithin(frame, () => throw exception, step);
        }
    }

    /// <summary>Gives the loop's variable its item, which one with a type or other attributes may refuse.</summary>
    public static void Assign(CoroutineFrame frame, PSVariable variable, object? item, Segment step)
    {
        if (variable is BlockVariable { Converts: true } || variable.Attributes.Count > 0)
        {
            frame.Errors.RunWithin(step, () => Converting(() => variable.Value = item));
        }
        else
        {
            variable.Value = item;
        }
    }

    /// <summary>Whether going on runs no script, and so needs none around it: those of the base library.</summary>
    public static bool IsPlain(IEnumerator items) => items.GetType().Assembly == typeof(object).Assembly;

    private static bool IsForeign(Exception exception) => exception is not RuntimeException and not FlowControlException;

    private static bool MoveWithin(CoroutineFrame frame, Func<bool> move, Segment step)
    {
        bool moved = false;
        frame.Errors.RunWithin(step, () => moved = Converting(move));
        return moved;
    }

    private static T Converting<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (IsForeign(exception))
        {
            // As PowerShell makes a record of what is thrown by .NET code.
            throw new RuntimeException(exception.Message, exception, (exception as IContainsErrorRecord)?.ErrorRecord
                ?? new ErrorRecord(exception, exception.GetType().FullName, ErrorCategory.OperationStopped, null));
        }
    }
}
