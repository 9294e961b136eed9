namespace AsyncJobs.Coroutines.FastPath;

/// <summary>Set-StrictMode with a version that is written: the cmdlet would set it in a scope that ends with its step.</summary>
/// <param name="native">The same by way of the cmdlet, behind which it is found out what holds.</param>
/// <param name="version">The version; 0 for none.</param>
internal sealed class IntrinsicStrictModeNode(NativeNode native, int version) : FastPathNode(native)
{
    protected internal override string Text => $"INTRINSIC strict mode {version}: {Native.Text}";

    /// <summary>A statement as one, or null.</summary>
    public static IntrinsicStrictModeNode? For(CompilationUnit unit, NativeNode native, StatementAst statement) =>
        StrictModeVersion.Of(statement) is { } version
        && Intrinsics.Of(unit, (CommandAst)((PipelineAst)statement).PipelineElements[0]) == StrictMode.SetCommand.ImplementingType
            ? new IntrinsicStrictModeNode(native, version)
            : null;

    public override ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        frame.ThrowIfStopped();
        if (!frame.MayRunCommand(isOwn: true))
        {
            return Native.RunAsync(frame);
        }

        frame.Scope.StrictVersion = version;
        frame.NoteSuccess(true);
        return new ValueTask<Flow>(Flow.Next);
    }
}
