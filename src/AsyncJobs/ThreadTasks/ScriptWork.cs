using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>A script block made ready to run in another runspace, for any number of inputs.</summary>
internal sealed class ScriptWork
{
    // Names no script is likely to look for: the block can see them.
    private const string Script = "param($__asyncJobsBlock, $__asyncJobsArguments) & $__asyncJobsBlock @__asyncJobsArguments";

    private readonly ScriptBlock _block;
    private readonly object?[] _arguments;
    private readonly IDictionary? _usingValues;

    /// <summary>Takes along what the block needs of its caller.</summary>
    /// <param name="caller">The cmdlet that starts the task.</param>
    /// <param name="block">The block. It is cut loose from the caller's session; its file and lines stay.</param>
    /// <param name="arguments">Its positional arguments.</param>
    public ScriptWork(PSCmdlet caller, ScriptBlock block, object?[]? arguments)
    {
        _block = ((ScriptBlockAst)block.Ast).GetScriptBlock();
        _arguments = arguments ?? [];
        _usingValues = UsingValues.Read(caller, block);
        Caller = new CallerState(caller);
    }

    public CallerState Caller { get; }

    /// <summary>Sets a PowerShell instance up to run the block once.</summary>
    public void AddTo(PowerShell powershell)
    {
        powershell.AddScript(Script).AddArgument(_block).AddArgument(_arguments);
        if (_usingValues is not null)
        {
            powershell.AddParameter(UsingValues.ParameterName, _usingValues);
        }
    }
}
