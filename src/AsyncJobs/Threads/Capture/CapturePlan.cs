using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Threads.Capture;

/// <summary>What can be known of a block by looking at it; once for each block, however many tasks run it.</summary>
internal sealed class CapturePlan
{
    private static readonly ConditionalWeakTable<Ast, CapturePlan> Plans = [];

    private CapturePlan(Ast block)
    {
        Names = new CaptureVisitor(block);
        block.Visit(Names);
        UsingExpressions =
            [.. block.FindAll(static node => node is UsingExpressionAst, searchNestedScriptBlocks: true).Cast<UsingExpressionAst>()];
        Names.Variables.ExceptWith(ParametersOf(block));
        if (block is TypeDefinitionAst)
        {
            Names.Variables.Remove("this");
        }

        ClassDefinitions = [.. Names.Classes.Select(type => ClassDefinition.Find(block, type))];
        MayChangeSession = RunspaceEffects.MayLeak(block);
        NeedsFreshRunspace = RunspaceEffects.IsIrreversible(block);
    }

    /// <summary>The names it uses.</summary>
    public CaptureVisitor Names { get; }

    /// <summary>The definitions of the PowerShell classes that it uses; null for one that stands elsewhere.</summary>
    public IReadOnlyList<TypeDefinitionAst?> ClassDefinitions { get; }

    /// <summary>The block's <c>$using:</c> expressions.</summary>
    public IReadOnlyList<UsingExpressionAst> UsingExpressions { get; }

    /// <summary>Whether it may leave something behind in its runspace, not counting what commands other than PowerShell's own do.</summary>
    public bool MayChangeSession { get; }

    /// <summary>Whether it calls what changes a runspace in ways that cannot be taken back.</summary>
    public bool NeedsFreshRunspace { get; }

    /// <summary>The plan of a block, script or function.</summary>
    public static CapturePlan Of(Ast block) => Plans.GetValue(block, static key => new CapturePlan(key));

    private static IEnumerable<string> ParametersOf(Ast block)
    {
        Ast body = block is FunctionDefinitionAst { Body.ParamBlock: { } own } ? own : (block as ScriptBlockAst)?.ParamBlock ?? block;
        return ParameterList.Of(body).Select(static parameter => parameter.Name.VariablePath.UserPath);
    }
}
