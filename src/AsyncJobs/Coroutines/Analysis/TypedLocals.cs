using System.Reflection;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>
/// The variables that a block declares with one type and nothing else, as <c>[int] $n = 1</c>. PowerShell compiles every
/// assignment to such a variable as a conversion, whose errors, and whose rules for booleans, are not those of the
/// attribute that it puts on variables that are looked up by name, as a coroutine's are.
/// </summary>
internal static class TypedLocals
{
    public static Dictionary<string, TypeConstraintAst> In(ScriptBlockAst block)
    {
        var types = new Dictionary<string, TypeConstraintAst>(StringComparer.OrdinalIgnoreCase);
        BlockFacts facts = BlockFacts.Of(block);
        if (facts.IsDynamic)
        {
            return types;
        }

        var others = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var declared = new List<(string Name, Ast Place)>();
        foreach (ParameterAst parameter in block.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>())
        {
            string name = parameter.Name.VariablePath.UserPath;
            declared.Add((name, block));
            if (parameter.Attributes is [TypeConstraintAst type] && HasDefault(type.TypeName.GetReflectionType()))
            {
                Add(name, type);
            }
            else
            {
                others.Add(name);
            }
        }

        // Traps have a scope of their own.
        foreach (VariableUse use in facts.Variables.Where(static use => use.IsOwn && use.Path.IsUnscopedVariable).OrderBy(static use => TurnOf(use.Node)))
        {
            VariableExpressionAst target = use.Node;
            string name = use.Name;
            if (DeclarationOf(target) is { } declaration)
            {
                declared.Add((name, declaration));
                Add(name, declaration.Type);
            }
            else if (IsAssigned(target) && !declared.Any(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && IsBefore(known.Place, target)))
            {
                others.Add(name);
            }
        }

        foreach (string name in others)
        {
            types.Remove(name);
        }

        return types;

        void Add(string name, TypeConstraintAst type)
        {
            if ((types.TryGetValue(name, out TypeConstraintAst? known) && known.TypeName.FullName != type.TypeName.FullName)
                || IsMutable(type.TypeName.GetReflectionType()))
            {
                others.Add(name);
            }

            types[name] = type;
        }
    }

    /// <summary>The declaration that a variable is the whole of, or null.</summary>
    public static ConvertExpressionAst? DeclarationOf(VariableExpressionAst variable) =>
        variable.Parent is ConvertExpressionAst { Parent: not AttributedExpressionAst } convert && !SyntaxFacts.IsReference(convert) && IsTarget(convert) ? convert : null;

    private static bool IsAssigned(VariableExpressionAst variable) => IsTarget(variable)
        || (variable.Parent is ForEachStatementAst loop && loop.Variable == variable)
        || variable.Parent is AttributedExpressionAst { Child: var child } && child == variable && IsTarget((ExpressionAst)variable.Parent);

    // In what is assigned to, by itself or among several.
    private static bool IsTarget(ExpressionAst place) => place.Parent switch
    {
        AssignmentStatementAst assignment => assignment.Left == place,
        ArrayLiteralAst several => IsTarget(several),
        _ => false,
    };

    // What is assigned to comes behind the value.
    private static int TurnOf(VariableExpressionAst variable)
    {
        Ast place = variable;
        while (place.Parent is ExpressionAst outer && place.Parent is ConvertExpressionAst or ArrayLiteralAst or AttributedExpressionAst)
        {
            place = outer;
        }

        return place.Parent is AssignmentStatementAst assignment && assignment.Left == place ? assignment.Extent.EndOffset : variable.Extent.StartOffset;
    }

    /// <summary>
    /// Whether a declaration has been made whenever a variable is come to: it stands before, in a list around it, or in a value
    /// that a statement of that list always takes.
    /// </summary>
    private static bool IsBefore(Ast declaration, Ast variable)
    {
        Ast place = declaration;
        while (true)
        {
            Ast list = place;
            while (list is not (StatementBlockAst or NamedBlockAst or ScriptBlockAst))
            {
                list = list.Parent;
            }

            if (IsAround(list, variable))
            {
                return true;
            }

            if (list.Parent is not SubExpressionAst value)
            {
                return false;
            }

            place = value;
            while (place.Parent is CommandExpressionAst or ParenExpressionAst or ConvertExpressionAst or PipelineAst { PipelineElements.Count: 1 }
                || (place.Parent is AssignmentStatementAst assignment && assignment.Right == place))
            {
                place = place.Parent;
            }

            if (place.Parent is not (StatementBlockAst or NamedBlockAst))
            {
                return false;
            }
        }
    }

    private static bool IsAround(Ast list, Ast? place)
    {
        while (place is not null && place != list)
        {
            place = place.Parent;
        }

        return place is not null;
    }

    // The types whose parameters PowerShell can give a value before they are bound.
    private static bool HasDefault(Type? type) => type is null || type.IsClass || (type.IsPrimitive && type != typeof(char)) || type == typeof(decimal) || type == typeof(SwitchParameter);

    // What has members that can be assigned is kept in a box.
    private static bool IsMutable(Type? type) => type is { IsValueType: true, IsPrimitive: false, IsEnum: false }
        && type != typeof(SwitchParameter)
        && !type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false)
        && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(static field => !field.IsInitOnly);
}
