using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AsyncJobs.Tests.Coroutines;

/// <summary>A session of PowerShell's engine with the module in it.</summary>
public sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;

    public Engine()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Get-Program", typeof(GetProgramCommand), helpFileName: null));
        state.ImportPSModule([typeof(StartBlockCommand).Assembly.Location]);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>What a block became, given its statements.</summary>
    public string ProgramOf(string script)
    {
        using var shell = PowerShell.Create(_runspace);
        return Assert.Single(shell.AddScript($"Get-Program {{\n{script}\n}}").Invoke<string>()).ReplaceLineEndings("\n");
    }

    public void Dispose() => _runspace.Dispose();
}
