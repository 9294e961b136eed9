using System.Collections;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A script block on its way to remote sessions: its text, its arguments, and the values of its <c>$using:</c>.</summary>
internal sealed class SessionScript
{
    private readonly string _text;
    private readonly object?[] _arguments;
    private readonly IDictionary? _usingValues;

    /// <param name="caller">The cmdlet that starts the tasks; the variables are those of its caller, as they are now.</param>
    /// <param name="block">What is run.</param>
    /// <param name="arguments">Its positional arguments.</param>
    public SessionScript(PSCmdlet caller, ScriptBlock block, object?[]? arguments)
    {
        _text = block.ToString();
        _arguments = arguments ?? [];
        _usingValues = new UsingValues(block).Read(caller);
    }

    /// <summary>Gives the script to a PowerShell instance.</summary>
    public void AddTo(PowerShell powershell)
    {
        powershell.AddScript(_text);
        foreach (object? argument in _arguments)
        {
            powershell.AddArgument(argument);
        }

        if (_usingValues is not null)
        {
            powershell.AddParameter(UsingValues.ParameterName, _usingValues);
        }
    }
}
