using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace AsyncJobs.Automation.Language;

/// <summary>
/// The syntax that PowerShell 7 added. The reference assembly that the module is compiled against ends with 5.1, so
/// these public types and members are found by name, once.
/// </summary>
internal static class PowerShell7
{
    private static readonly Type? Ternary = typeof(Ast).Assembly.GetType("System.Management.Automation.Language.TernaryExpressionAst");
    private static readonly Type? Chain = typeof(Ast).Assembly.GetType("System.Management.Automation.Language.PipelineChainAst");
    private static readonly PropertyInfo? MemberNull = typeof(MemberExpressionAst).GetProperty("NullConditional");
    private static readonly PropertyInfo? IndexNull = typeof(IndexExpressionAst).GetProperty("NullConditional");
    private static readonly PropertyInfo? GenericArguments = typeof(InvokeMemberExpressionAst).GetProperty("GenericTypeArguments");
    private static readonly ConstructorInfo? GenericCall = typeof(InvokeMemberExpressionAst).GetConstructors().FirstOrDefault(
        static made => made.GetParameters() is
            [_, _, _, _, { ParameterType.IsValueType: true }, { ParameterType.IsValueType: false }]);

    private static readonly PropertyInfo? Clean = typeof(ScriptBlockAst).GetProperty("CleanBlock");
    private static readonly PropertyInfo? Background = typeof(PipelineAst).GetProperty("Background");

    private static readonly PropertyInfo? FunctionParameters = typeof(FunctionDefinitionAst).GetProperty("Parameters");

    private static readonly PropertyInfo? Statement = typeof(InvocationInfo).GetProperty("Statement");

    private static readonly MethodInfo? Breakpoints = typeof(System.Management.Automation.Debugger).GetMethod(
        "GetBreakpoints", Type.EmptyTypes);

    private static readonly MethodInfo? LockdownPolicy =
        typeof(Ast).Assembly.GetType("System.Management.Automation.Security.SystemPolicy")?.GetMethod(
            "GetSystemLockdownPolicy", Type.EmptyTypes);

    /// <summary>Whether the machine's policy is that script which is not trusted runs constrained.</summary>
    public static bool IsLockedDown() => LockdownPolicy?.Invoke(null, null)?.ToString() == "Enforce";

    public static IReadOnlyList<Breakpoint> BreakpointsOf(System.Management.Automation.Debugger debugger) =>
        Breakpoints?.Invoke(debugger, null) as IReadOnlyList<Breakpoint> ?? [];

    /// <summary>The text of the statement that an error was in; empty before PowerShell 7.4.</summary>
    public static string StatementOf(InvocationInfo call) => Statement?.GetValue(call) as string ?? string.Empty;

    /// <summary>The parameters that stand in a function's head, or none.</summary>
    public static IReadOnlyList<ParameterAst> ParametersOf(FunctionDefinitionAst node) =>
        FunctionParameters?.GetValue(node) as IReadOnlyList<ParameterAst> ?? [];

    public static bool IsCoalesce(TokenKind kind) => kind.ToString() == "QuestionQuestion";

    public static bool IsCoalesceAssignment(TokenKind kind) => kind.ToString() == "QuestionQuestionEquals";

    public static bool IsNullConditional(MemberExpressionAst node) => MemberNull?.GetValue(node) is true;

    public static bool IsNullConditional(IndexExpressionAst node) => IndexNull?.GetValue(node) is true;

    /// <summary>A call of the same kind and, where it has them, of the same type arguments; never a null-conditional one.</summary>
    public static InvokeMemberExpressionAst Call(
        InvokeMemberExpressionAst node, ExpressionAst target, CommandElementAst name, IEnumerable<ExpressionAst> arguments) =>
        GenericArguments?.GetValue(node) is { } types && GenericCall is not null
            ? (InvokeMemberExpressionAst)GenericCall.Invoke([node.Extent, target, name, arguments, node.Static, types])
            : new InvokeMemberExpressionAst(node.Extent, target, name, arguments, node.Static);

    public static bool IsChain(Ast node) => Chain?.IsInstanceOfType(node) == true;

    /// <summary>Whether it is a chain that runs here, and not as a background job.</summary>
    public static bool IsForegroundChain(Ast node) => IsChain(node) && node.GetType().GetProperty("Background")!.GetValue(node) is not true;

    /// <summary>Takes <c>left &amp;&amp; right</c>, or <c>left || right</c>, apart.</summary>
    /// <param name="node">A statement of any kind.</param>
    /// <param name="left">A pipeline, or a chain of them.</param>
    /// <param name="right">A pipeline.</param>
    /// <param name="after">Whether the right one runs after a success.</param>
    public static bool TryChain(
        StatementAst node, [NotNullWhen(true)] out StatementAst? left, [NotNullWhen(true)] out PipelineAst? right, out bool after)
    {
        (left, right, after) = (null, null, false);
        if (!IsChain(node))
        {
            return false;
        }

        left = (StatementAst)Part("LhsPipelineChain");
        right = (PipelineAst)Part("RhsPipeline");
        after = (TokenKind)Part("Operator") == TokenKind.AndAnd;
        return true;

        object Part(string name) => node.GetType().GetProperty(name)!.GetValue(node)!;
    }

    public static bool IsBackground(PipelineAst node) => Background?.GetValue(node) is true;

    public static NamedBlockAst? CleanBlockOf(ScriptBlockAst node) => Clean?.GetValue(node) as NamedBlockAst;

    /// <summary>Takes a <c>test ? yes : no</c> apart.</summary>
    public static bool TryTernary(
        Ast node,
        [NotNullWhen(true)] out ExpressionAst? test,
        [NotNullWhen(true)] out ExpressionAst? yes,
        [NotNullWhen(true)] out ExpressionAst? no)
    {
        (test, yes, no) = (null, null, null);
        if (Ternary?.IsInstanceOfType(node) != true)
        {
            return false;
        }

        test = Part("Condition");
        yes = Part("IfTrue");
        no = Part("IfFalse");
        return true;

        ExpressionAst Part(string name) => (ExpressionAst)node.GetType().GetProperty(name)!.GetValue(node)!;
    }
}
