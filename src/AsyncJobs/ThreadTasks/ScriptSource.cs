using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// A script block cut loose from its caller's session, so that any runspace can run it, with what it takes along from
/// there. Found out once for all the tasks of a command.
/// </summary>
internal sealed class ScriptSource
{
    private readonly PSCmdlet _caller;
    private readonly CaptureSet _captures;
    private readonly UsingValues _usingValues;
    private readonly CallerState _callerState;
    private readonly object?[] _arguments;
    private readonly ScriptBlock[] _setup;
    private readonly object _command;

    /// <param name="caller">The cmdlet that starts the tasks.</param>
    /// <param name="block">What they run.</param>
    /// <param name="arguments">Positional arguments, the same for each.</param>
    /// <param name="initialization">Runs before it, in the scope around it.</param>
    public ScriptSource(PSCmdlet caller, ScriptBlock block, object?[]? arguments, ScriptBlock? initialization = null)
        : this(caller, UnboundScript.Of(block), (block.Ast, block.Module), arguments, initialization)
    {
    }

    /// <param name="caller">The cmdlet that starts the tasks.</param>
    /// <param name="file">The script that they run.</param>
    /// <param name="arguments">Positional arguments, the same for each.</param>
    /// <param name="initialization">Runs before it, in the scope around it.</param>
    public ScriptSource(PSCmdlet caller, string file, object?[]? arguments, ScriptBlock? initialization = null)
        : this(caller, file, (Parser.ParseFile(file, out _, out _), null), arguments, initialization)
    {
    }

    private ScriptSource(PSCmdlet caller, object command, (Ast Ast, PSModuleInfo? Module) script, object?[]? arguments, ScriptBlock? initialization)
    {
        _caller = caller;
        _command = command;
        (Ast, PSModuleInfo?)[] scripts = initialization is null ? [script] : [script, (initialization.Ast, initialization.Module)];
        _captures = new CaptureSet(caller, scripts);
        _usingValues = new UsingValues(CapturePlan.Of(script.Ast).UsingExpressions, _captures);
        _callerState = new CallerState(caller);
        _arguments = Array.ConvertAll(arguments ?? [], value => _captures.Convert("An argument", value));
        _setup = initialization is null ? [.. _captures.Definitions] : [.. _captures.Definitions, UnboundScript.Of(initialization)];
        CaptureReport.Write(caller, _captures);
    }

    /// <summary>The work of one task, with the caller's variables as they are now; on the pipeline thread.</summary>
    /// <param name="hasInput">Whether there is an input object.</param>
    /// <param name="input">The input object, its <c>$_</c>.</param>
    public ScriptWork Capture(bool hasInput = false, object? input = null) => new(_command, _captures, _callerState)
    {
        Setup = _setup,
        Arguments = _arguments,
        HasInput = hasInput,
        Input = _captures.Convert("The input object", input),
        Variables = _captures.ReadVariables(),
        UsingValues = _usingValues.Read(_caller),
    };
}
