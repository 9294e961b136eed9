namespace AsyncJobs.Coroutines.FastPath;

/// <summary>
/// <c>await value</c> with nothing else said: a future needs no cmdlet to be waited for. Anything else, and a failure,
/// goes through the cmdlet, so that its errors are the cmdlet's.
/// </summary>
/// <param name="argument">Evaluates the value into the variable; null where it is the script's own variable.</param>
/// <param name="variable">Where the value is.</param>
/// <param name="usual">The same command by way of the cmdlet, with the variable for its argument.</param>
/// <param name="start">The value, if it is a task that may be started without its cmdlet.</param>
internal sealed class IntrinsicAwaitNode(CoroutineNode? argument, string variable, AwaitNode usual, IntrinsicStart? start = null) : CoroutineNode, IPlainAwait
{
    protected internal override string Text => $"INTRINSIC {start?.ToString() ?? usual.Text}";

    public override void Accept(NodeVisitor visitor)
    {
        if (start is null)
        {
            visitor.Part(string.Empty, ref argument);
        }
    }

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        if (start?.TryStart(frame) is { } started)
        {
            return AwaitAsync(frame, started);
        }

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

        if (argument is not null)
        {
            // What was awaited is not kept alive by having been awaited.
            frame.Variables[variable].Value = null;
        }

        return AwaitAsync(frame, future);
    }

    /// <summary>Whether an argument is such that this may stand for the cmdlet.</summary>
    public static bool Suits(CommandAst command, CommandNames names) =>
        command.Redirections.Count == 0
        && command.CommandElements is [_, ParenExpressionAst or SubExpressionAst or MemberExpressionAst or IndexExpressionAst or VariableExpressionAst { Splatted: false }]
        && SuspensionPoints.Of(command, names) is { Intrinsic: IntrinsicKind.Await };

    /// <summary>The variable of the coroutine's scope that an argument is, or null.</summary>
    public static string? NameOf(CommandElementAst argument) =>
        argument is VariableExpressionAst { VariablePath: { IsUnscopedVariable: true, IsVariable: true } path } ? path.UserPath : null;

    public IScriptPlace Place => usual.Place;

    private ValueTask<Flow> AwaitAsync(CoroutineFrame frame, Future future)
    {
        future.MarkObserved();
        if (!future.IsCompleted)
        {
            return frame.Coroutine.WaitAsync(this, frame, future);
        }

        frame.SetPosition(Place);
        return new ValueTask<Flow>(Finish(frame, future, isCanceled: false));
    }

    public Flow Finish(CoroutineFrame frame, Future future, bool isCanceled)
    {
        if (!isCanceled && future.Fault is null && !TaskStreamReader.HasRecords(future))
        {
            frame.Output.WriteOutputOf(future);
            frame.NoteSuccess(true);
        }
        else
        {
            usual.Finish(
                frame, isCanceled ? WaitRequest.Canceled(frame.Session.Loop, frame.Coroutine.Reason, new[] { future }) : FutureRequest.For(future));
        }

        return Flow.Next;
    }

    // A coroutine's own block has captured what it names; a function sees what its callers have.
    private object? ValueFurtherOut(CoroutineFrame frame) =>
        frame.Caller is not null && !frame.TryGetVariable(variable, out _) ? frame.Variables.FindSeen(variable, frame.Program.Module)?.Value : null;

    // One with stream records is read while it is waited for, and one that awaits itself is refused: by the cmdlet.
    private Future? FutureIn(CoroutineFrame frame) =>
        (frame.ValueOf(variable) ?? ValueFurtherOut(frame)).Unwrap() is Future future && !TaskStreamReader.HasStreams(future) && !ReferenceEquals(future, frame.Task) ? future : null;
}
