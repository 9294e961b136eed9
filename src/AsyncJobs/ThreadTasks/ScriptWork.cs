using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>One task's run of a script block, with all it takes along from its caller.</summary>
internal sealed class ScriptWork(ScriptBlock block, object?[] arguments, object? input, IDictionary? usingValues, CallerState caller)
{
    // Names that no script is likely to look for, since the block can see them.
    private const string Script =
        "param($__asyncJobsBegun, $__asyncJobsBlock, $__asyncJobsArguments) $__asyncJobsBegun.Invoke(); & $__asyncJobsBlock @__asyncJobsArguments";

    /// <summary>
    /// Whether an error says that the arguments did not fit the block's <c>param</c>. PowerShell takes that for the
    /// failure of one statement, that which calls the block, but it is the failure of the whole.
    /// </summary>
    public static bool IsRefusal(ErrorRecord error) =>
        error is { Exception: ParameterBindingException, InvocationInfo: { } call } && call.Line == Script;

    /// <summary>Prepares a runspace and a PowerShell instance in it to run the block once.</summary>
    /// <param name="powershell">Gets the commands.</param>
    /// <param name="runspace">Gets the variables.</param>
    /// <param name="begun">Called in the running pipeline, before the block.</param>
    public void AddTo(PowerShell powershell, Runspace runspace, Action begun)
    {
        caller.ApplyTo(runspace);
        runspace.SessionStateProxy.SetVariable("_", input);
        powershell.AddScript(Script).AddArgument(begun).AddArgument(block).AddArgument(arguments);
        if (usingValues is not null)
        {
            powershell.AddParameter(UsingValues.ParameterName, usingValues);
        }
    }
}
