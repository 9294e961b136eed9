using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>What is refused of a block as a whole.</summary>
internal static class UnsupportedBlocks
{
    /// <summary>Of the block of a command that is part of the coroutine around it.</summary>
    public static void CheckBody(ScriptBlockAst block)
    {
        Check(block);
        BlockTypes.Check(block, block);
    }

    /// <summary>Of any block.</summary>
    public static void Check(ScriptBlockAst block)
    {
        if (block.DynamicParamBlock is { } dynamic)
        {
            throw new CoroutineNotSupportedException(dynamic.Extent, "A dynamicparam block", "Write its parameters in param, or give it to a function that the block calls.");
        }

        if (HasOwnCmdlet(block) && CmdletIn(block) is { } used)
        {
            throw new CoroutineNotSupportedException(used.Extent, "$PSCmdlet of the block itself", "Call the cmdlets that write to the streams, and throw; or do it in a function that the block calls.");
        }
    }

    /// <summary>The first <c>$PSCmdlet</c> in a block that is not one of a function or block inside it, or null.</summary>
    public static Ast? CmdletIn(ScriptBlockAst block) => block.Find(
        node => node is VariableExpressionAst { VariablePath.UserPath: { } name } && name.Equals("PSCmdlet", StringComparison.OrdinalIgnoreCase) && !IsOfInner(node, block),
        searchNestedScriptBlocks: true);

    /// <summary>Whether PowerShell makes a cmdlet of a block.</summary>
    private static bool HasOwnCmdlet(ScriptBlockAst block) => ParametersOf(block).Any(static parameter => parameter.Attributes.Any(static attribute => IsNamed(attribute, "Parameter")))
        || block.ParamBlock?.Attributes.Any(static attribute => IsNamed(attribute, "CmdletBinding")) == true;

    private static IEnumerable<ParameterAst> ParametersOf(ScriptBlockAst block) =>
        block.ParamBlock?.Parameters ?? (block.Parent is FunctionDefinitionAst function ? PowerShell7.ParametersOf(function) : []);

    private static bool IsNamed(AttributeBaseAst attribute, string name) =>
        attribute is AttributeAst && (attribute.TypeName.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || attribute.TypeName.Name.Equals(name + "Attribute", StringComparison.OrdinalIgnoreCase));

    private static bool IsOfInner(Ast node, ScriptBlockAst block)
    {
        for (Ast? outer = node.Parent; outer is not null && outer != block; outer = outer.Parent)
        {
            if (outer is ScriptBlockAst inner && HasOwnCmdlet(inner))
            {
                return true;
            }
        }

        return false;
    }
}
