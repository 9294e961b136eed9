using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>Has PowerShell bind a block's <c>param</c>, with its types, attributes and defaults, and takes what came of it.</summary>
internal static class ParameterBinding
{
    /// <summary>The variable, one of ours, that <c>$PSBoundParameters</c> is set from in each segment that reads it.</summary>
    public const string BoundName = CoroutineUnit.TemporaryPrefix + "Bound";

    /// <summary>A call of a block of those parameters, whose body hands its scope over.</summary>
    public static Segment Compile(CoroutineUnit unit, ParamBlockAst parameters)
    {
        IScriptExtent extent = parameters.Extent;
        ExpressionAst names = new ConstantExpressionAst(extent, parameters.Parameters.Select(static parameter => parameter.Name.VariablePath.UserPath).ToArray());
        var take = new StatementBlockAst(
            extent,
            [Segment.KeepVariables(), Factory.Pipeline(extent, Factory.Call(extent, TakeScopeCommand.Info, names, Factory.Variable(extent, "PSBoundParameters"), Factory.Variable(extent, "args")))],
            null);
        ScriptBlock binder = unit.Bind(extent, (ParamBlockAst)parameters.Copy(), take);
        var arguments = new VariableExpressionAst(extent, "args", splatted: true);
        return new Segment(unit, extent, [Factory.Pipeline(extent, Factory.Call(extent, binder, arguments))]);
    }

    public static void Run(Segment binding, CoroutineFrame frame)
    {
        // Arguments that do not fit are the failure of the whole task, not of a statement.
        frame.GuardDepth++;
        try
        {
            binding.Run(frame);
        }
        finally
        {
            frame.GuardDepth--;
        }

        foreach (PSVariable variable in frame.Pending)
        {
            frame.Define(variable);
        }

        frame.Pending.Clear();
        frame.Arguments = frame.BoundArguments ?? [];
    }
}
