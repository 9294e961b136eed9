namespace AsyncJobs.Coroutines.FastPath;

/// <summary>A command of ours with plain arguments and nothing else said, done without calling the cmdlet where that comes to the same.</summary>
internal sealed class CmdletIntrinsic : ICmdletIntrinsic
{
    private readonly IntrinsicTable.Beginning _begin;
    private readonly InlineExpression[] _arguments;
    private readonly bool _isOwn;

    private CmdletIntrinsic(IntrinsicTable.Beginning begin, InlineExpression[] arguments, bool isOwn) => (_begin, _arguments, _isOwn) = (begin, arguments, isOwn);

    /// <summary>A suspending command as such a call, or null.</summary>
    /// <param name="command">The command.</param>
    /// <param name="names">What its name means.</param>
    /// <param name="body">The command's body, which is no argument.</param>
    public static CmdletIntrinsic? Of(CommandAst command, CommandNames names, ScriptBlockExpressionAst? body = null) =>
        SuspensionPoints.Of(command, names) is { } known && command.Redirections.Count == 0 ? Of(known.Info.ImplementingType, command, body, isOwn: false) : null;

    /// <summary>A statement as such a call, if it is a command of ours that does not suspend.</summary>
    public static CmdletIntrinsic? Of(CompilationUnit unit, StatementAst statement) =>
        statement is PipelineAst { PipelineElements: [CommandAst command] } pipeline && !PowerShell7.IsBackground(pipeline) && Intrinsics.Of(unit, command) is { } cmdlet
            ? Of(cmdlet, command, body: null, isOwn: true)
            : null;

    private static CmdletIntrinsic? Of(Type cmdlet, CommandAst command, ScriptBlockExpressionAst? body, bool isOwn)
    {
        InlineExpression?[] arguments = [.. command.CommandElements.Skip(1).Where(element => element != body).Select(static element => InlineExpression.Of(element as ExpressionAst))];
        return !arguments.Contains(null) && IntrinsicTable.Of(cmdlet, arguments.Length) is { } begin ? new CmdletIntrinsic(begin, arguments!, isOwn) : null;
    }

    public bool TryBegin(CoroutineFrame frame, out WaitRequest? wait)
    {
        frame.ThrowIfStopped();
        (object? first, object? second) = (null, null);
        wait = null;
        return frame.MayRunCommand(_isOwn)
            && _arguments[0].TryGet(frame, out first)
            && (_arguments.Length < 2 || _arguments[1].TryGet(frame, out second))
            && _begin(frame, first, second, out wait);
    }
}
