using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>Has PowerShell bind a block's <c>param</c>, with its types, attributes and defaults, and takes what came of it.</summary>
internal static class ParameterBinding
{
    /// <summary>The variable, one of ours, that <c>$PSBoundParameters</c> is set from in each segment that reads it.</summary>
    public const string BoundName = CoroutineUnit.TemporaryPrefix + "Bound";

    /// <summary>A call of a block of those parameters, whose body hands its scope over.</summary>
    public static Segment Compile(CoroutineUnit unit, ParamBlockAst? parameters)
    {
        IScriptExtent extent = parameters?.Extent ?? unit.Block.Extent;
        string[] names = parameters?.Parameters.Select(static parameter => parameter.Name.VariablePath.UserPath).ToArray() ?? [];
        List<CommandElementAst> taken = [new ConstantExpressionAst(extent, names), Factory.Variable(extent, "PSBoundParameters"), Factory.Variable(extent, "args")];
        if (unit.UsesInvocation)
        {
            taken.Add(Factory.Variable(extent, "MyInvocation"));
        }

        var take = new StatementBlockAst(extent, [Segment.KeepVariables(), Factory.Pipeline(extent, Factory.Call(extent, TakeScopeCommand.Info, [.. taken]))], null);
        var arguments = new VariableExpressionAst(extent, "args", splatted: true);
        var own = (ParamBlockAst?)parameters?.Copy();

        // What is bound is what $MyInvocation tells of: a block of that text, or a function of that name.
        IScriptExtent whole = unit.UsesInvocation ? unit.Block.Extent : extent;
        if (unit.UsesInvocation && unit.FunctionName is { } name)
        {
            var function = new FunctionDefinitionAst(whole, isFilter: false, isWorkflow: false, name, null, new ScriptBlockAst(whole, own, take, isFilter: false));
            return new Segment(unit, extent, [function, Factory.Pipeline(extent, new CommandAst(extent, [new StringConstantExpressionAst(extent, name, StringConstantType.BareWord), arguments], TokenKind.Unknown, null))]);
        }

        return new Segment(unit, extent, [Factory.Pipeline(extent, Factory.Call(extent, unit.Bind(whole, own, take), arguments))]);
    }

    public static void Run(Segment binding, CoroutineFrame frame, CoroutineUnit unit)
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
            frame.Define(unit.NewVariable(variable.Name, variable.Value, isSet: true) is BlockVariable typed ? typed : variable);
        }

        frame.Pending.Clear();
        frame.Arguments = frame.BoundArguments ?? [];
    }
}
