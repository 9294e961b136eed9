namespace AsyncJobs.Automation.Scopes;

/// <summary>The strict mode where a command is called. PowerShell does not tell it, so it is found out by what is an error there.</summary>
internal static class StrictMode
{
    // Its line tells the error of a probe from a script's own.
    private static readonly IScriptExtent Here = Parser.ParseInput(ErrorList.ProbeVariable, out _, out _).Extent;

    private static readonly ScriptBlock Probe = SharedScriptBlock.Make(BuildProbe);

    private static readonly ScriptBlock[] Settings =
    [
        SharedScriptBlock.Of(@"Microsoft.PowerShell.Core\Set-StrictMode -Off"),
        .. Enumerable.Range(1, 3).Select(
            static version => SharedScriptBlock.Of($@"Microsoft.PowerShell.Core\Set-StrictMode -Version {version}")),
    ];

    /// <summary>The version that holds in the scope that a command is called from, or that script runs in; 0 for none.</summary>
    /// <param name="state">The session state there.</param>
    public static int Of(SessionState state)
    {
        int version = Probe.InvokeWithContext(ScriptFrame.NoFunctions, []) is [var answer] && answer.Unwrap() is int found ? found : 0;
        if (version > 0)
        {
            ErrorList.RemoveProbe(state);
        }

        return version;
    }

    /// <summary>Makes a version hold in the scope that a command, or script, runs in.</summary>
    /// <param name="commands">Those of PowerShell, as the command has them or the script.</param>
    /// <param name="version">The version; 0 for none.</param>
    public static void Set(CommandInvocationIntrinsics commands, int version) =>
        commands.InvokeScript(useLocalScope: false, Settings[version], input: null);

    // An element that is not there is an error from version 3 on, a property from 2, a variable from 1. The strictest goes
    // first, so that there is one error at most: errors take long. So does a missing element of a list, which PowerShell
    // finds by an exception, strict or not; that of an array with two dimensions it finds by comparing.
    private static ScriptBlock BuildProbe()
    {
        var zero = new ConstantExpressionAst(Here, 0);
        var element = new IndexExpressionAst(Here, new ConstantExpressionAst(Here, new int[0, 0]), new ArrayLiteralAst(Here, [zero, (ExpressionAst)zero.Copy()]));
        var property = new MemberExpressionAst(
            Here, new StringConstantExpressionAst(Here, string.Empty, StringConstantType.SingleQuoted),
            new StringConstantExpressionAst(Here, "Nothing", StringConstantType.BareWord), @static: false);
        TryStatementAst variables = Try(AstBuilder.Variable(Here, ErrorList.ProbeVariable[1..]), Version(0), 1);
        return new ScriptBlockAst(
            Here, paramBlock: null, Of(Try(element, Try(property, variables, 2), 3)), isFilter: false).GetScriptBlock();
    }

    private static TryStatementAst Try(ExpressionAst expression, StatementAst next, int version) => new(
        Here,
        Of(AstBuilder.Assign(Here, "null", AstBuilder.Write(Here, expression)), next),
        [new CatchClauseAst(Here, catchTypes: null, Of(Version(version)))],
        @finally: null);

    private static PipelineAst Version(int version) => AstBuilder.Write(Here, new ConstantExpressionAst(Here, version));

    private static StatementBlockAst Of(params StatementAst[] statements) => new(Here, statements, traps: null);
}
