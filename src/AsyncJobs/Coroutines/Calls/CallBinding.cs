using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// Has PowerShell bind the call of a function: a block with the function's parameters, called by its name and where it is
/// called, that takes what came of it (<see cref="BindCallCommand"/>) and does no more.
/// </summary>
internal static class CallBinding
{
    /// <param name="unit">The function's.</param>
    /// <param name="parameters">Its parameters; null where there are none.</param>
    public static ScriptBlock Of(CoroutineUnit unit, ParamBlockAst? parameters)
    {
        IScriptExtent extent = unit.Block.Extent;
        string[] names = parameters?.Parameters.Select(static parameter => parameter.Name.VariablePath.UserPath).ToArray() ?? [];
        PipelineAst take = Factory.Pipeline(extent, Factory.Call(
            extent,
            BindCallCommand.Info,
            new ConstantExpressionAst(extent, names),
            Factory.Variable(extent, "PSBoundParameters"),
            Factory.Variable(extent, "args"),
            Factory.Variable(extent, "MyInvocation")));
        return unit.Bind(extent, (ParamBlockAst?)parameters?.Copy(), new StatementBlockAst(extent, [Segment.KeepVariables(), take], null), unit.FunctionName);
    }
}
