using System.Collections;

namespace AsyncJobs.Coroutines.Segments;

/// <summary>The second half of a suspending command: writes what came of its wait, at its place in the script.</summary>
internal sealed class Resumption : IScriptPlace
{
    private readonly Segment _segment;
    private readonly string? _common;
    private readonly bool _isRedirected;

    /// <param name="unit">The block's.</param>
    /// <param name="extent">Where the command stands.</param>
    /// <param name="command">The command.</param>
    /// <param name="cmdlet">What it suspends by.</param>
    /// <param name="redirections">Its redirections, new nodes.</param>
    public Resumption(CompilationUnit unit, IScriptExtent extent, CommandAst command, SuspendingCommand cmdlet, IEnumerable<RedirectionAst> redirections)
    {
        Command = command.GetCommandName();
        Position = Extents.PlaceOf(extent);

        // Only where there may be some: splatting costs.
        _common = command.CommandElements.Any(static element => element is CommandParameterAst or VariableExpressionAst { Splatted: true })
            ? unit.NewTemporary()
            : null;
        CommandElementAst[] arguments = _common is null ? [] : [new VariableExpressionAst(extent, _common, splatted: true)];
        CommandAst resume = AstBuilder.Call(extent, ResumeCommand.For(cmdlet.Info), redirections, arguments);
        _isRedirected = resume.Redirections.Count > 0;
        _segment = new Segment(unit, extent, [OutAsyncCoroutineCommand.AppendTo(extent, [resume])], isPart: true);
    }

    public string? Command { get; }

    public string? Position { get; }

    /// <summary>Writes or throws the outcome.</summary>
    /// <returns>What the command waits for next, or null.</returns>
    public WaitRequest? Finish(CoroutineFrame frame, WaitRequest wait)
    {
        if (wait.Next is null && !_isRedirected && !StreamParameters.NameVariables(wait.CommonParameters) && wait.Output?.Invoke() is { } plain)
        {
            foreach (object? written in plain)
            {
                frame.Output.Write(written);
            }

            frame.NoteSuccess(true);
            return null;
        }

        WaitRequest? next = Run(frame, wait);
        if (next is not null)
        {
            (next.CommonParameters, next.StopStarted) = (wait.CommonParameters, wait.StopStarted);
        }

        return next;
    }

    /// <summary>Leaves what a body was entered with.</summary>
    /// <returns>The wait until it has been left, or null.</returns>
    public WaitRequest? Exit(CoroutineFrame frame, WaitRequest wait, Exception? failure)
    {
        try
        {
            return wait.Exit?.Invoke(failure);
        }
        catch (Exception exception) when (exception is SynchronizationLockException or SemaphoreFullException)
        {
            Run(frame, wait with { Output = null, Otherwise = command => command.ThrowTerminatingError(ErrorRecords.ForException(exception, target: null)) });
            return null;
        }
    }

    private WaitRequest? Run(CoroutineFrame frame, WaitRequest wait)
    {
        if (_common is not null)
        {
            frame.Variables[_common].Value = wait.CommonParameters is { } given ? new Hashtable(given.ToDictionary()) : new Hashtable();
        }

        frame.Steps.Resuming = wait;
        try
        {
            return _segment.Ask(frame);
        }
        finally
        {
            frame.Steps.Resuming = null;
        }
    }
}
