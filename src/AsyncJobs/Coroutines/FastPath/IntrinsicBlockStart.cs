using System.Reflection;

namespace AsyncJobs.Coroutines.FastPath;

/// <summary>
/// <c>Start-AsyncTask</c> with a block that is written there, perhaps a name, and nothing else said: its coroutine is started
/// without calling the cmdlet. Its first step is then a part of the step that starts it, and needs no pipeline of its own.
/// </summary>
internal sealed class IntrinsicBlockStart : IntrinsicStart
{
    private readonly ScriptBlockExpressionAst _written;
    private readonly InlineExpression? _name;
    private readonly Segment _make;
    private readonly string _made;
    private readonly Segment _within;
    private readonly InvocationInfo _started;
    private readonly string[] _variables;
    private readonly string[] _commands;
    private TaskOptions _options;
    private ScriptBlock? _block;
    private bool _takesMore;

    private IntrinsicBlockStart(CompilationUnit unit, CommandAst command, ScriptBlockExpressionAst written, InlineExpression? name, bool isDiscarded, Segment at)
    {
        IScriptExtent place = command.Extent;
        (_written, _name, _made) = (written, name, unit.NewTemporary());
        _make = at.With([AstBuilder.Assign(written.Extent, _made, AstBuilder.Write(written.Extent, (ExpressionAst)written.Copy()))]);
        _within = at.With([Segment.Running(place, EngineNames.Action)]);
        _takesMore = !TakesVariablesAlone(written.ScriptBlock);
        _options = new TaskOptions { Origin = Extents.PlaceOf(place), AreDiscarded = isDiscarded };
        _started = CoroutineOrigin.CallAt(place);
        _variables = [.. BlockFacts.Of(written.ScriptBlock).Mentioned];
        _commands = [.. CapturePlan.Of(written.ScriptBlock).Commands.Where(static name => SuspendingCommands.Of(name) is null)];
    }

    /// <summary>Whether a command seems to be such a start, of a block that awaits.</summary>
    public static bool Suits(CommandAst command, CommandNames names) => command.Redirections.Count == 0
        && PartsOf(command).Block is { ScriptBlock: { } block } && BlockFacts.Of(block).UsingExpressions is [] && SuspensionPoints.IsBlockIn(block, names)
        && SuspensionPoints.NameOf(command) is { } name && IntrinsicCommands.Of(name)?.GetCustomAttribute<IntrinsicAttribute>() is { Kind: IntrinsicKind.Block };

    /// <summary>A command as such a start, or null.</summary>
    /// <param name="unit">That of the block that it stands in.</param>
    /// <param name="names">What the names in that mean.</param>
    /// <param name="command">The command.</param>
    /// <param name="at">Where it runs.</param>
    /// <param name="statement">The statement that it is, where that may throw the task away.</param>
    public static IntrinsicBlockStart? Of(CompilationUnit unit, CommandNames names, CommandAst command, Segment at, StatementAst? statement = null)
    {
        (ScriptBlockExpressionAst? block, ExpressionAst? name) = PartsOf(command);
        InlineExpression? inline = InlineExpression.Of(name);
        return Suits(command, names) && (name is null) == (inline is null) && !unit.NamesFurtherScopes && Intrinsics.Of(unit, command) is not null
                ? new IntrinsicBlockStart(unit, command, block!, inline, statement is not null && DiscardedOutput.Is(statement.Extent.Text, command.GetCommandName()), at)
                : null;
    }

    /// <inheritdoc/>
    public override AsyncTask? TryStart(CoroutineFrame frame)
    {
        if (!frame.MayRunCommand(isOwn: true) || frame.Session.CurrentWaiter is not { Cmdlet: { } waiter } || !IsAtHome(frame, waiter))
        {
            return null;
        }

        ScriptBlock block = _block ??= Make(frame);
        if (OptionsIn(frame) is not { } options)
        {
            return null;
        }

        CoroutineStart? start = null;
        if (!_takesMore)
        {
            start = Prepare(frame, waiter, block);
            _takesMore = start is null;
        }

        return (start ?? PrepareInStep(frame, waiter, block))?.Start(frame, options);
    }

    /// <inheritdoc/>
    public override string ToString() => $"start {SourceText.Of(_written)}";

    private static (ScriptBlockExpressionAst? Block, ExpressionAst? Name) PartsOf(CommandAst command) => command.CommandElements switch
    {
        [_, ScriptBlockExpressionAst only] => (only, null),
        [_, ScriptBlockExpressionAst first, CommandParameterAst { Argument: null } parameter, ExpressionAst given] when IsName(parameter) => (first, given),
        [_, CommandParameterAst { Argument: null } parameter, ExpressionAst given, ScriptBlockExpressionAst last] when IsName(parameter) => (last, given),
        _ => default,
    };

    private static bool IsName(CommandParameterAst parameter) => parameter.ParameterName.Equals("Name", StringComparison.OrdinalIgnoreCase);

    // What it calls is looked up at each start.
    private static bool TakesVariablesAlone(ScriptBlockAst block)
    {
        CapturePlan plan = CapturePlan.Of(block);
        BlockFacts facts = plan.Facts;
        return facts is { Cmdlet: null, MentionsThis: false, ReachesUnnamed: false, TypeDefinitions: [] }
            && plan is { CallsValues: false, CommandVariables.Count: 0, ClassDefinitions: [] }
            && !plan.Commands.Any(static name => name.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
            && plan.Variables.All(name => facts.Mentioned.Contains(name, StringComparer.OrdinalIgnoreCase) || VariableNames.IsAutomatic(name));
    }

    // Names are looked up from where the coroutine's steps run, which is where the block stands.
    private static bool IsAtHome(CoroutineFrame frame, PSCmdlet waiter) => waiter.SessionState is var state
        && ReferenceEquals(state.Module, frame.Program.Module) && !frame.Session.MayBeConstrained && state.LanguageMode == PSLanguageMode.FullLanguage;

    // Where values of variables are all that the block takes along, the engine knows what a step would find.
    private CoroutineStart? Prepare(CoroutineFrame frame, PSCmdlet waiter, ScriptBlock block)
    {
        if (frame.Steps.Preferences is not { } preferences || CapturedIn(frame) is not { } captured || Compile(frame, waiter, block, preferences) is not { } compiled)
        {
            return null;
        }

        return new CoroutineStart(new CoroutineOrigin(frame.Session, compiled, preferences, _started), input: null, captured) { Underscore = frame.Steps.Underscore };
    }

    // As the cmdlet does, in a step.
    private CoroutineStart? PrepareInStep(CoroutineFrame frame, PSCmdlet waiter, ScriptBlock block)
    {
        if (frame.Steps.HaveScopeEffects)
        {
            return null;
        }

        CoroutineStart? start = null;
        frame.Errors.RunWithin(_within, () =>
        {
            var names = new CommandNames(waiter, block);
            try
            {
                start = names.MakesCoroutine
                    ? new CoroutineSource(waiter, frame.Program.Compiler, _started, block, names).Capture(hasInput: false, input: null)
                    : null;
            }
            catch (CoroutineNotSupportedException)
            {
                // The cmdlet's to tell.
            }
        });
        return start;
    }

    private TaskOptions? OptionsIn(CoroutineFrame frame)
    {
        string? name = null;
        if (_name is not null && (!_name.TryGet(frame, out object? given) || (name = given.Unwrap() as string) is null or ""))
        {
            return null;
        }

        return InGroup(frame, name is null ? _options : _options with { Name = name });
    }

    // A block may want more than is known.
    private List<(string Name, object? Value)>? CapturedIn(CoroutineFrame frame)
    {
        var captured = new List<(string, object?)>(_variables.Length);
        foreach (string name in _variables)
        {
            if (!frame.Variables.TryFindCaptured(name, out PSVariable? variable) || variable?.Value.Unwrap() is ScriptBlock or FunctionInfo)
            {
                return null;
            }

            if (variable is not null)
            {
                captured.Add((name, variable.Value));
            }
        }

        return captured;
    }

    private CoroutineBlock? Compile(CoroutineFrame frame, PSCmdlet waiter, ScriptBlock block, PreferenceSnapshot preferences)
    {
        var names = new CommandNames(waiter, block);
        if (frame.Calls.HaveOwn(names.Named) || TakesCommands(waiter) || !names.MakesCoroutine)
        {
            return null;
        }

        try
        {
            CoroutineProgram program = frame.Program.Compiler.ProgramOf(block, names, PSLanguageMode.FullLanguage)
                .WithReadableVariables(block, names, name => preferences.StrictVersion > 0 || (frame.Variables.TryFindCaptured(name, out PSVariable? variable) && variable is not null));
            return CoroutineBlock.Of(program, names);
        }
        catch (CoroutineNotSupportedException)
        {
            return null;
        }
    }

    private bool TakesCommands(PSCmdlet waiter)
    {
        if (_commands.Length == 0)
        {
            return false;
        }

        var commands = new LocalCommands(waiter, waiter.SessionState);
        return Array.Exists(_commands, name => commands.Resolve(name) is not null) || commands is not { Functions: null, Aliases: null };
    }

    // PowerShell makes one that belongs to the session state in which the steps run.
    private ScriptBlock Make(CoroutineFrame frame)
    {
        PSVariable made = frame.Variables[_made];
        _make.Run(frame);
        var block = (ScriptBlock)made.Value.Unwrap()!;
        made.Value = null;
        _options = _options with { Command = BriefText.Of(block) };
        return block;
    }
}
