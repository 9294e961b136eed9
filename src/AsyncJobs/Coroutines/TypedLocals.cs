using System.Management.Automation.Language;

namespace AsyncJobs;

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
        var others = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ConvertExpressionAst declaration in block.FindAll(IsDeclaration, searchNestedScriptBlocks: false).Cast<ConvertExpressionAst>())
        {
            Add(((VariableExpressionAst)declaration.Child).VariablePath.UserPath, declaration.Type);
        }

        foreach (ParameterAst parameter in block.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>())
        {
            string name = parameter.Name.VariablePath.UserPath;
            if (parameter.Attributes is [TypeConstraintAst type])
            {
                Add(name, type);
            }
            else
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
            if (types.TryGetValue(name, out TypeConstraintAst? known) && known.TypeName.FullName != type.TypeName.FullName)
            {
                others.Add(name);
            }

            types[name] = type;
        }
    }

    private static bool IsDeclaration(Ast node) =>
        node is ConvertExpressionAst { Child: VariableExpressionAst { VariablePath.IsUnscopedVariable: true }, Parent: AssignmentStatementAst assignment } convert
        && ReferenceEquals(assignment.Left, convert)
        && convert.Type.TypeName.FullName != "ref";
}
