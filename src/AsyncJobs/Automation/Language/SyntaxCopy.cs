using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Automation.Language;

/// <summary>
/// Copies of syntax with what <see cref="Ast.Copy"/> loses: a call of a base class's constructor becomes one of a method
/// there, and a class in a copy is another one than that of the script. The nodes around these are made anew.
/// </summary>
/// <param name="isCare">Whether a node is one that cannot be copied as it is.</param>
/// <param name="replace">Makes another node in the place of one of these; null where these are made anew.</param>
internal sealed class SyntaxCopy(Func<Ast, bool> isCare, Func<Ast, Ast>? replace = null)
{
    // What a constructor calls otherwise than the property that tells it.
    private static readonly Dictionary<string, string> Properties = new()
    {
        ["method"] = "Member",
        ["genericTypes"] = "GenericTypeArguments",
        ["typeConstraint"] = "Type",
        ["lhsChain"] = "LhsPipelineChain",
        ["chainOperator"] = "Operator",
        ["statementBlock"] = "SubExpression",
        ["expressionAst"] = "SubExpression",
        ["variableName"] = "Variable",
        ["stream"] = "FromStream",
        ["from"] = "FromStream",
        ["to"] = "ToStream",
        ["file"] = "Location",
    };

    /// <summary>Makes copies in which classes can be made as in the script.</summary>
    public static SyntaxCopy WithTypes { get; } = new(static node => IsBaseConstructor(node as InvokeMemberExpressionAst));

    /// <summary>Makes copies without classes and enums, for where these are those that the script has defined.</summary>
    public static SyntaxCopy WithoutTypes { get; } = new(static node => node is TypeDefinitionAst);

    /// <summary>A copy of a node.</summary>
    public T Of<T>(T node)
        where T : Ast => (T)(node.Find(isCare, searchNestedScriptBlocks: true) is null ? node.Copy() : Rebuilt(node));

    // Also one that a copy of its has made a method's call: target and method are both the keyword.
    private static bool IsBaseConstructor(InvokeMemberExpressionAst? call) =>
        call is { Expression: VariableExpressionAst, Member: StringConstantExpressionAst { Value: ".ctor" } name } && ReferenceEquals(name.Extent, call.Expression.Extent);

    private Ast Rebuilt(Ast node) => node switch
    {
        _ when replace is not null && isCare(node) => replace(node),
        InvokeMemberExpressionAst call when IsBaseConstructor(call) =>
            new BaseCtorInvokeMemberExpressionAst(call.Expression.Extent, call.Extent, call.Arguments?.Select(Of)),
        NamedBlockAst block =>
            new NamedBlockAst(block.Extent, block.BlockKind, new StatementBlockAst(block.Extent, Several(block.Statements), Several(block.Traps)), block.Unnamed),
        ExpandableStringExpressionAst => node.Copy(),
        _ => Anew(node),
    };

    /// <summary>A node made by its constructor, whose parameters are its properties.</summary>
    private Ast Anew(Ast node)
    {
        ConstructorInfo constructor = node.GetType().GetConstructors().MaxBy(static made => made.GetParameters().Length)!;
        return (Ast)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [.. constructor.GetParameters().Select(parameter => Part(node, parameter.Name!))], null);
    }

    private object? Part(Ast node, string name) => (node, name) switch
    {
        (FunctionMemberAst method, "functionDefinitionAst") => Of((FunctionDefinitionAst)method.Body.Parent),
        (ForEachStatementAst loop, "expression") => Of(loop.Condition),
        _ => Copied(node.GetType()
            .GetProperty(Properties.GetValueOrDefault(name, name), BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)!
            .GetValue(node)),
    };

    private object? Copied(object? part) => part switch
    {
        Ast node => Of(node),
        ITuple pair => Activator.CreateInstance(part.GetType(), Copied(pair[0]), Copied(pair[1])),
        IEnumerable and not string when part.GetType() is { IsGenericType: true } list && list.GetGenericArguments() is [var item] && !item.IsAssignableTo(typeof(ITypeName)) =>
            Several((IEnumerable)part, item),
        _ => part,
    };

    private IEnumerable<T>? Several<T>(IEnumerable<T>? nodes) => nodes is null ? null : (IEnumerable<T>)Several(nodes, typeof(T));

    private Array Several(IEnumerable parts, Type item)
    {
        object?[] copies = [.. parts.Cast<object?>().Where(part => part is not TypeDefinitionAst || !isCare((Ast)part)).Select(Copied)];
        Array made = Array.CreateInstance(item, copies.Length);
        Array.Copy(copies, made, copies.Length);
        return made;
    }
}
