using System.Runtime.ExceptionServices;

namespace AsyncJobs.Coroutines.Nodes;

/// <summary>try, catch and finally, each of which may suspend.</summary>
/// <param name="body">What is tried.</param>
/// <param name="find">Finds the catch for an error; null where there are none.</param>
/// <param name="catches">The bodies of the catch clauses.</param>
/// <param name="last">The finally, or null.</param>
/// <param name="traps">Those of the list that the try is in: an error that no catch takes is for them, before the finally.</param>
internal sealed class TryNode(CoroutineNode body, Segment? find, CoroutineNode[] catches, CoroutineNode? last, TrapHandler? traps) : CoroutineNode
{
    protected internal override string Text => "try";

    public override void Accept(NodeVisitor visitor)
    {
        visitor.Part(string.Empty, ref body);
        for (int i = 0; i < catches.Length; i++)
        {
            visitor.Part("catch", ref catches[i]);
        }

        visitor.Part("finally", ref last);
    }

    public override async ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        Flow flow = Flow.Next;
        Exception? error = null;
        try
        {
            flow = await RunBodyAsync(frame).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            error = exception;
        }

        if (last is not null)
        {
            await frame.LeaveStoppedStepAsync(error).ConfigureAwait(false);
            if (error is RuntimeException and not PipelineStoppedException)
            {
                frame.NoteSuccess(false);
            }

            Flow ended = await last.RunAsync(frame).ConfigureAwait(false);
            if (!ended.IsNext)
            {
                return ended;
            }
        }

        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return flow;
    }

    private async ValueTask<Flow> RunBodyAsync(CoroutineFrame frame)
    {
        RuntimeException error;
        OutputTarget output = frame.Output;
        try
        {
            return await body.RunAsync(frame).ConfigureAwait(false);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException && find is not null)
        {
            error = exception;
            frame.Output = output;
        }

        CaughtError caught;
        try
        {
            caught = frame.Errors.Choose(find, error);
        }
        catch (RuntimeException none) when (traps is not null && ReferenceEquals(none, error))
        {
            return await traps.HandleAsync(frame, error).ConfigureAwait(false);
        }

        (object? outer, RuntimeException? handled) = (frame.BorrowUnderscore(caught.Underscore), frame.Handled);
        frame.Handled = error;
        try
        {
            return await catches[caught.Clause].RunAsync(frame).ConfigureAwait(false);
        }
        finally
        {
            (frame.Underscore, frame.Handled) = (outer, handled);
        }
    }
}

/// <summary>A bare throw in a catch.</summary>
/// <param name="halt">The same, natively, for where there is nothing to throw again.</param>
internal sealed class RethrowNode(NativeNode halt) : CoroutineNode
{
    protected internal override string Text => "throw again";

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        if (frame.Handled is not { } error)
        {
            return halt.RunAsync(frame);
        }

        error.WasThrownFromThrowStatement = true;
        ExceptionDispatchInfo.Throw(error);
        return default;
    }
}
