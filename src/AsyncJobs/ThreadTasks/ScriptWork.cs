using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>One task's run of a script block, with all it takes along from its caller.</summary>
internal sealed class ScriptWork(ScriptBlock block, CapturePlan plan, object?[] arguments, object? input, IDictionary? usingValues, CallerState caller)
{
    // Private variables, since the block's own scope is a child of the one in which this runs.
    private const string ArgumentsName = "__asyncJobsArguments";
    private const string UsingName = "__asyncJobsUsing";
    private const string Script = $"& $args[0]; & $args[1] @{ArgumentsName} @{UsingName}";

    // The parameter by which PowerShell hands a script its $using: values, as its own thread jobs do; "--%" without its dash.
    private const string UsingParameter = "-%";

    private static readonly Hashtable NoUsing = [];

    /// <summary>What is known of the block.</summary>
    public CapturePlan Plan => plan;

    /// <summary>What it takes along that is the same for all tasks of a command.</summary>
    public CallerState Caller => caller;

    /// <summary>
    /// Whether an error says that the arguments did not fit the block's <c>param</c>. PowerShell takes that for the
    /// failure of one statement, that which calls the block, but it is the failure of the whole.
    /// </summary>
    public static bool IsRefusal(ErrorRecord error) =>
        error is { Exception: ParameterBindingException, InvocationInfo: { } call } && call.Line == Script;

    /// <summary>Runs the block, in a scope of its own inside one with what it takes along.</summary>
    /// <param name="pipeline">Gets what it writes.</param>
    public void Run(PSCmdlet pipeline) => pipeline.InvokeCommand.InvokeScript(
        Script, useNewScope: true, PipelineResultTypes.Output | PipelineResultTypes.Error, input: null, EnterTaskCommand.Info, block);

    /// <summary>Sets what the task takes along, in the current scope.</summary>
    public void SetVariables(PSVariableIntrinsics variables)
    {
        variables.Set(new PSVariable(ArgumentsName, arguments, ScopedItemOptions.Private));
        variables.Set(new PSVariable(UsingName, usingValues is null ? NoUsing : new Hashtable { [UsingParameter] = usingValues }, ScopedItemOptions.Private));
        caller.SetLocals(variables);
        variables.Set("_", input);
    }
}
