using System.Management.Automation;
using AsyncJobs.Coroutines.Analysis;
using AsyncJobs.Coroutines.Compiler;
using AsyncJobs.Coroutines.Starts;
using AsyncJobs.Hosting;

namespace AsyncJobs.Tests.Coroutines;

/// <summary>Compiles a block as a cmdlet would that starts it, and writes the program's text.</summary>
[Cmdlet(VerbsCommon.Get, "Program")]
public sealed class GetProgramCommand : PSCmdlet
{
    /// <summary>The block.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        WriteObject(new CoroutineSource(this, ProgramCompiler.Of(RunspaceLoop.Current), MyInvocation, ScriptBlock, new CommandNames(this, ScriptBlock)).Program.ToString());
}
