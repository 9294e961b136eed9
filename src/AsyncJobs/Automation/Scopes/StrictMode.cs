using Microsoft.PowerShell.Commands;

namespace AsyncJobs.Automation.Scopes;

/// <summary>The strict mode where a command is called. PowerShell does not tell it, so it is found out by what is an error there.</summary>
internal static class StrictMode
{
    /// <summary>PowerShell's cmdlet that sets it.</summary>
    public static readonly CmdletInfo SetCommand = new("Set-StrictMode", typeof(SetStrictModeCommand));

    // Its line tells the error of a probe from a script's own.
    private static readonly IScriptExtent Here = Parser.ParseInput(ErrorList.ProbeVariable, out _, out _).Extent;

    private static readonly ScriptBlock AnyProbe = SharedScriptBlock.Make(static () => BuildProbe(TryVariable()));
    private static readonly ScriptBlock?[] Settings = new ScriptBlock?[4];

    // Made for the first script that has one: to compile it takes three times as long.
    private static readonly Lazy<ScriptBlock> VersionProbe = new(static () => SharedScriptBlock.Make(static () => BuildProbe(TryAll())));

    // What the last answer was, in whichever runspace: the next is probably the same.
    private static volatile bool s_wasAny;

    /// <summary>The version that holds in the scope that a command is called from, or that script runs in; 0 for none.</summary>
    /// <param name="state">The session state there.</param>
    public static int Of(SessionState state)
    {
        if (s_wasAny || Ask(AnyProbe, state) > 0)
        {
            int version = Ask(VersionProbe.Value, state);
            s_wasAny = version > 0;
            return version;
        }

        return 0;
    }

    /// <summary>Makes a version hold in the scope that a command, or script, runs in.</summary>
    /// <param name="commands">Those of PowerShell, as the command has them or the script.</param>
    /// <param name="version">The version; 0 for none.</param>
    public static void Set(CommandInvocationIntrinsics commands, int version) =>
        commands.InvokeScript(
            useLocalScope: false,
            Settings[version] ??= SharedScriptBlock.Make(() => BuildSetting(version)),
            input: null);

    private static int Ask(ScriptBlock probe, SessionState state)
    {
        int answer = probe.InvokeWithContext(ScriptFrame.NoFunctions, []) is [var only] && only.Unwrap() is int found ? found : 0;
        if (answer > 0)
        {
            ErrorList.RemoveProbe(state);
        }

        return answer;
    }

    // A version that is one already is bound in half of the time that a number takes.
    private static ScriptBlock BuildSetting(int version)
    {
        CommandElementAst[] arguments = version == 0
            ? [new CommandParameterAst(Here, "Off", argument: null, Here)]
            : [new CommandParameterAst(Here, "Version", argument: null, Here), new ConstantExpressionAst(Here, new Version(version, 0))];
        return new ScriptBlockAst(
            Here, paramBlock: null, Of(AstBuilder.Pipeline(Here, AstBuilder.Call(Here, SetCommand, arguments))), isFilter: false).GetScriptBlock();
    }

    private static ScriptBlock BuildProbe(TryStatementAst first) => new ScriptBlockAst(Here, paramBlock: null, Of(first), isFilter: false).GetScriptBlock();

    private static TryStatementAst TryVariable() => Try(AstBuilder.Variable(Here, ErrorList.ProbeVariable[1..]), Version(0), 1);

    // An element that is not there is an error from version 3 on, a property from 2, a variable from 1. The strictest goes
    // first, so that there is one error at most: errors take long. So does a missing element of a list, which PowerShell
    // finds by an exception, strict or not; that of an array with two dimensions it finds by comparing.
    private static TryStatementAst TryAll()
    {
        var zero = new ConstantExpressionAst(Here, 0);
        var element = new IndexExpressionAst(Here, new ConstantExpressionAst(Here, new int[0, 0]), new ArrayLiteralAst(Here, [zero, (ExpressionAst)zero.Copy()]));
        var property = new MemberExpressionAst(
            Here, new StringConstantExpressionAst(Here, string.Empty, StringConstantType.SingleQuoted),
            new StringConstantExpressionAst(Here, "Nothing", StringConstantType.BareWord), @static: false);
        return Try(element, Try(property, TryVariable(), 2), 3);
    }

    private static TryStatementAst Try(ExpressionAst expression, StatementAst next, int version) => new(
        Here,
        Of(AstBuilder.Assign(Here, "null", AstBuilder.Write(Here, expression)), next),
        [new CatchClauseAst(Here, catchTypes: null, Of(Version(version)))],
        @finally: null);

    private static PipelineAst Version(int version) => AstBuilder.Write(Here, new ConstantExpressionAst(Here, version));

    private static StatementBlockAst Of(params StatementAst[] statements) => new(Here, statements, traps: null);
}
