using System.Management.Automation;
using AsyncJobs.Coroutines;
using AsyncJobs.Coroutines.Analysis;

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
        WriteObject(new CoroutineSource(this, ScriptBlock, new CommandNames(this, ScriptBlock), arguments: null).Block.Program.ToString());
}
