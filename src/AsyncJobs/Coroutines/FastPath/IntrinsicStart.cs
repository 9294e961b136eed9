namespace AsyncJobs.Coroutines.FastPath;

/// <summary>A command of ours that starts a task, which the engine starts by itself where that comes to the same.</summary>
internal abstract class IntrinsicStart
{
    /// <summary>Starts it; null if the cmdlet has to.</summary>
    public abstract AsyncTask? TryStart(CoroutineFrame frame);

    /// <summary>An awaited expression as such a command, or null.</summary>
    /// <param name="unit">That of the block that it stands in.</param>
    /// <param name="names">What the names in that mean.</param>
    /// <param name="argument">The expression.</param>
    /// <param name="at">Where it is evaluated.</param>
    public static IntrinsicStart? Of(CompilationUnit unit, CommandNames names, CommandElementAst argument, Segment at) =>
        argument is ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandAst command] } pipeline } && !PowerShell7.IsBackground(pipeline)
            ? IntrinsicSleep.Of(unit, command) ?? (IntrinsicStart?)IntrinsicBlockStart.Of(unit, names, command, at)
            : null;

    /// <summary>What is said of a task that a frame starts, its group among it; null where the cmdlet is to say that the group is over.</summary>
    private protected static TaskOptions? InGroup(CoroutineFrame frame, TaskOptions options) => frame.GroupContext.Group switch
    {
        null => options,
        { State: TaskGroupState.Running } group => options with { Group = group },
        _ => null,
    };
}
