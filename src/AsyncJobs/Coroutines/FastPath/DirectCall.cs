using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>A command of ours with plain arguments and nothing else said, done without calling the cmdlet where that comes to the same.</summary>
internal sealed class DirectCall : IDirectCall
{
    private readonly DirectCommands.Beginning _begin;
    private readonly PlainValue[] _arguments;
    private readonly bool _isOwn;

    private DirectCall(DirectCommands.Beginning begin, PlainValue[] arguments, bool isOwn) => (_begin, _arguments, _isOwn) = (begin, arguments, isOwn);

    /// <summary>A suspending command as such a call, or null.</summary>
    /// <param name="command">It.</param>
    /// <param name="body">Its body, which is no argument.</param>
    public static DirectCall? Of(CommandAst command, ScriptBlockExpressionAst? body = null) =>
        Sites.Of(command) is { } known && command.Redirections.Count == 0 ? Of(known.Info.ImplementingType, command, body, isOwn: false) : null;

    /// <summary>A statement as such a call, if it is a command of ours that does not suspend.</summary>
    public static DirectCall? Of(CoroutineUnit unit, StatementAst statement) =>
        statement is PipelineAst { PipelineElements: [CommandAst command] } pipeline && !Modern.IsBackground(pipeline) && Intrinsics.Of(unit, command) is { } cmdlet
            ? Of(cmdlet, command, body: null, isOwn: true)
            : null;

    private static DirectCall? Of(Type cmdlet, CommandAst command, ScriptBlockExpressionAst? body, bool isOwn)
    {
        PlainValue?[] arguments = [.. command.CommandElements.Skip(1).Where(element => element != body).Select(static element => PlainValue.Of(element as ExpressionAst))];
        return !arguments.Contains(null) && DirectCommands.Of(cmdlet, arguments.Length) is { } begin ? new DirectCall(begin, arguments!, isOwn) : null;
    }

    /// <inheritdoc/>
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
