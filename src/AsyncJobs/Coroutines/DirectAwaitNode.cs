using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// <c>await value</c> with nothing else said: a future needs no cmdlet to be waited for. Anything else, and a failure,
/// goes through the cmdlet, so that its errors are the cmdlet's.
/// </summary>
/// <param name="argument">Evaluates the value into the variable; null where it is the script's own variable.</param>
/// <param name="variable">Where the value is.</param>
/// <param name="usual">The same command by way of the cmdlet, with the variable for its argument.</param>
internal sealed class DirectAwaitNode(CoroutineNode? argument, string variable, AwaitNode usual) : CoroutineNode
{
    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        if (argument is not null)
        {
            // Evaluating does not suspend; it may jump, as anything may that calls script.
            ValueTask<Flow> evaluation = argument.RunAsync(frame);
            if (!evaluation.IsCompletedSuccessfully || !evaluation.Result.IsNext)
            {
                return evaluation;
            }
        }

        // Where there was an argument to evaluate, a breakpoint on the line has been met.
        if ((argument is null && !frame.MayStepDirectly) || !frame.MayAwaitDirectly() || FutureIn(frame) is not { } future)
        {
            return usual.RunAsync(frame);
        }

        future.MarkObserved();
        return future.IsCompleted ? new ValueTask<Flow>(Finish(frame, future, WaitAsyncTaskCommand.RequestFor(future))) : WaitAsync(frame, future);
    }

    /// <summary>Whether an argument is such that this may stand for the cmdlet.</summary>
    public static bool Suits(CommandAst command) =>
        command.CommandElements is [_, ParenExpressionAst or SubExpressionAst or MemberExpressionAst or IndexExpressionAst or VariableExpressionAst { Splatted: false }]
        && Sites.Of(command) is { } known
        && SuspendingCommands.IsAwait(known);

    /// <summary>The variable of the coroutine's scope that an argument is, or null.</summary>
    public static string? NameOf(CommandElementAst argument) =>
        argument is VariableExpressionAst { VariablePath: { IsUnscopedVariable: true, IsVariable: true } path } ? path.UserPath : null;

    private async ValueTask<Flow> WaitAsync(CoroutineFrame frame, Future future)
    {
        WaitRequest ended = await usual.WaitAsync(frame, WaitAsyncTaskCommand.RequestFor(future)).ConfigureAwait(false);
        return Finish(frame, future, ended);
    }

    private Flow Finish(CoroutineFrame frame, Future future, WaitRequest ended)
    {
        if (ReferenceEquals(ended.Until, future) && future.Fault is null && !TaskStreamReader.HasRecords(future))
        {
            frame.Append(future);
            frame.NoteSuccess(true);
        }
        else
        {
            usual.Finish(frame, ended);
        }

        if (argument is not null)
        {
            // What was awaited is not kept alive by having been awaited.
            frame.Variable(variable).Value = null;
        }

        return Flow.Next;
    }

    // One with stream records is read while it is waited for, and one that awaits itself is refused: by the cmdlet.
    private Future? FutureIn(CoroutineFrame frame) =>
        Found(frame) is { } future && !TaskStreamReader.HasStreams(future) && !ReferenceEquals(future, frame.Task) ? future : null;

    private Future? Found(CoroutineFrame frame)
    {
        if (argument is null && CoroutineFrame.IsUnderscore(variable))
        {
            return frame.Underscore.Bare() as Future;
        }

        return frame.TryGetVariable(variable, out PSVariable? found) ? found!.Value.Bare() as Future : null;
    }
}
