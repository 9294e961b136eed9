using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// A script block cut loose from its caller's session, so that any runspace can run it; its file and lines stay.
/// Compiled once for all the tasks of a command.
/// </summary>
internal sealed class ScriptSource
{
    private readonly PSCmdlet _caller;
    private readonly object?[] _arguments;
    private readonly UsingValues _usingValues;
    private readonly CallerState _callerState;
    private readonly CapturePlan _plan;

    /// <param name="caller">The cmdlet that starts the tasks.</param>
    /// <param name="block">What they run.</param>
    /// <param name="arguments">Positional arguments, the same for each.</param>
    public ScriptSource(PSCmdlet caller, ScriptBlock block, object?[]? arguments)
    {
        _caller = caller;
        _arguments = arguments ?? [];
        _plan = CapturePlan.Of(block.Ast);
        _usingValues = new UsingValues(block);
        _callerState = new CallerState(caller);
        Block = ((ScriptBlockAst)block.Ast).GetScriptBlock();
    }

    public ScriptBlock Block { get; }

    /// <summary>The work of one task, with the caller's variables as they are now; on the pipeline thread.</summary>
    public ScriptWork Capture(object? input) => new(Block, _plan, _arguments, input, _usingValues.Read(_caller), _callerState);
}
