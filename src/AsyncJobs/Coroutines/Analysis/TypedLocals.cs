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
        foreach (VariableUse use in facts.Variables.Where(static use => use.IsOwn && use.Path.IsUnscopedVariable))
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

    /// <summary>Whether a declaration has been made whenever a variable is come to: it stands before, in a list around it.</summary>
    private static bool IsBefore(Ast declaration, Ast variable)
    {
        Ast list = declaration;
        while (list is not (StatementBlockAst or NamedBlockAst or ScriptBlockAst))
        {
            list = list.Parent;
        }

        for (Ast? outer = variable; outer is not null; outer = outer.Parent)
        {
            if (outer == list)
            {
                return true;
            }
        }

        return false;
    }

    // The types whose parameters PowerShell can give a value before they are bound.
    private static bool HasDefault(Type? type) => type is null || type.IsClass || (type.IsPrimitive && type != typeof(char)) || type == typeof(decimal) || type == typeof(SwitchParameter);

    // What has members that can be assigned is kept in a box.
    private static bool IsMutable(Type? type) => type is { IsValueType: true, IsPrimitive: false, IsEnum: false }
        && type != typeof(SwitchParameter)
        && !type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false)
        && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(static field => !field.IsInitOnly);
}
