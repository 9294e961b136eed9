using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>A script block compiled as a coroutine; one for all its tasks.</summary>
internal sealed class CoroutineProgram
{
    private readonly PSModuleInfo? _module;
    private readonly PSLanguageMode _language;
    private readonly string _differences;
    private readonly CoroutineUnit _unit;
    private readonly CoroutineNode _body;
    private readonly ParamBlockAst? _parameters;
    private readonly ParameterBinding? _bind;
    private readonly ConcurrentDictionary<string, CoroutineProgram> _variants = new();
    private ScriptBlock? _callBinder;

    private CoroutineProgram(ScriptBlock source, PSLanguageMode language, string differences, IReadOnlyCollection<string> hidden, bool keepsScope)
    {
        _differences = differences;
        _module = source.Module;
        _language = language;
        ScriptBlockAst block = UsingFree.Of(ScriptBlockOf(source));
        Names = new VariableNames(block);
        CoroutineUnit unit = _unit = new CoroutineUnit(source, block, language, keepsScope);
        (UsesSuccess, KeepsScope, UsesBoundParameters, SaysWhere) = (unit.UsesSuccess, unit.KeepsScope, unit.UsesBoundParameters, unit.SaysWhere);
        (AssignsAutomatics, UsesCmdlet) = (unit.AssignsAutomatics, unit.UsesCmdlet);
        BlockRefusals.Check(block);
        BlockTypes.Check(source.Ast, block);
        Compound = CaptureRule.NamesIn(block);
        Hidden = KeepsScope ? Compound : hidden;
        _body = CaptureRule.In(Hidden, () => new StatementCompiler(unit).CompileBlocks(block));
        OwnCommands = AsyncJobs.OwnCommands.AreDefinedIn(block, unit.OwnCommands) ? [] : unit.OwnCommands;
        ParamBlockAst? parameters = block.ParamBlock;
        if (parameters is null && source.Ast is FunctionDefinitionAst function && Modern.ParametersOf(function) is { Count: > 0 } head)
        {
            parameters = new ParamBlockAst(head[0].Extent, null, head.Select(static parameter => (ParameterAst)parameter.Copy()));
        }

        _parameters = parameters;
        _bind = parameters is null && !unit.UsesInvocation ? null : new ParameterBinding(unit, parameters);
    }

    public VariableNames Names { get; }

    /// <inheritdoc cref="CaptureRule.NamesIn"/>
    public IReadOnlyList<string> Compound { get; }

    /// <summary>Those of them for which it is compiled that they may have a value further out.</summary>
    public IReadOnlyCollection<string> Hidden { get; }

    public bool UsesSuccess { get; }

    public bool KeepsScope { get; }

    public bool UsesBoundParameters { get; }

    /// <inheritdoc cref="CoroutineUnit.HasProcessBlock"/>
    public bool HasProcessBlock => _unit.HasProcessBlock;

    public bool SaysWhere { get; }

    /// <inheritdoc cref="CoroutineUnit.OwnCommands"/>
    public IReadOnlyCollection<string> OwnCommands { get; }

    public bool AssignsAutomatics { get; }

    public bool UsesCmdlet { get; }

    /// <summary>The program of a block; made when it is first asked for.</summary>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    /// <param name="language">Its language mode, in which the session has to be now.</param>
    /// <exception cref="CoroutineNotSupportedException">The block holds something that no coroutine can.</exception>
    public static CoroutineProgram Of(ScriptBlock source, CommandNames names, PSLanguageMode language)
    {
        // Its segments belong to the session; a function's syntax may be in several.
        ConditionalWeakTable<Ast, CoroutineProgram> programs = AsyncSession.Current.Compiled.Programs;
        string differences = names.Differences;
        if (programs.TryGetValue(source.Ast, out CoroutineProgram? known) && ReferenceEquals(known._module, source.Module)
            && known._language == language && known._differences == differences)
        {
            return known;
        }

        CoroutineProgram created = Create(source, names, language, differences, hidden: [], keepsScope: false);
        programs.AddOrUpdate(source.Ast, created);
        return created;
    }

    /// <summary>The same where variables that it assigns to with an operator may be read before they are its own: there is one further out, or strict mode has a say.</summary>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    /// <param name="mayBeRead">Whether one may.</param>
    public CoroutineProgram Where(ScriptBlock source, CommandNames names, Func<string, bool> mayBeRead)
    {
        string[] hidden = KeepsScope ? [] : [.. Compound.Where(mayBeRead)];
        return hidden.Length == 0 ? this : _variants.GetOrAdd(string.Join(' ', hidden), _ => Create(source, names, _language, _differences, hidden, keepsScope: false));
    }

    /// <summary>The same where its scope has to be looked at after each segment: who calls it does things with variables that cannot be seen.</summary>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    public CoroutineProgram KeepingScope(ScriptBlock source, CommandNames names) =>
        KeepsScope ? this : _variants.GetOrAdd(string.Empty, _ => Create(source, names, _language, _differences, hidden: [], keepsScope: true));

    // A call that stands where nothing can suspend runs natively, as those of all other functions do.
    private static CoroutineProgram Create(ScriptBlock source, CommandNames names, PSLanguageMode language, string differences, IReadOnlyCollection<string> hidden, bool keepsScope)
    {
        Func<CoroutineProgram> create = () => new CoroutineProgram(source, language, differences, hidden, keepsScope);
        try
        {
            return names.In(create);
        }
        catch (CoroutineNotSupportedException) when (names.HasCalls)
        {
            return names.In(() => names.WithoutCalls(create));
        }
    }

    /// <summary>The body of a block, also where it is that of a function.</summary>
    public static ScriptBlockAst ScriptBlockOf(ScriptBlock source) => source.Ast switch
    {
        ScriptBlockAst block => block,
        FunctionDefinitionAst function => function.Body,
        _ => throw new CoroutineNotSupportedException(source.Ast.Extent, $"A {source.Ast.GetType().Name}", "Give a script block or a function."),
    };

    /// <summary>One of its variables, which has not been assigned.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isSet">Whether it may be read before it is assigned.</param>
    public PSVariable NewVariable(string name, bool isSet) => _unit.NewVariable(name, null, isSet, outer: null);

    /// <summary>A variable that it reads as it was when it started, until it assigns it.</summary>
    public PSVariable NewCaptured(string name, object? value) => _unit.NewVariable(
        name, value, isSet: true, Names.OfForEach.Contains(name) || Hidden.Contains(name, StringComparer.OrdinalIgnoreCase) ? new PSVariable(name, value) : null);

    /// <summary>A variable that it reads as its caller's, until it assigns it.</summary>
    public PSVariable NewInherited(PSVariable outer) => _unit.NewVariable(outer.Name, outer.Value, isSet: true, outer);

    /// <inheritdoc cref="CoroutineUnit.Typed"/>
    public PSVariable Typed(PSVariable variable) => _unit.Typed(variable);

    /// <summary>Whether its variables cannot be read before they are assigned, where a command is called; one that keeps its scope has none of these.</summary>
    public bool IsStrictFor(PSCmdlet command) => !KeepsScope && Names.Assigned.Count > 0 && StrictMode.Of(command) > 0;

    /// <summary>Runs it in a frame.</summary>
    public ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        _bind?.Run(frame);
        return RunBodyAsync(frame);
    }

    /// <summary>What a function of that name has to be for PowerShell to bind a call of it: the block then runs with what came of that.</summary>
    public ScriptBlock CallBinder => _callBinder ??= CallBinding.Of(_unit, _parameters);

    /// <summary>Runs it in a frame that has its parameters.</summary>
    public ValueTask<Flow> RunBodyAsync(CoroutineFrame frame)
    {
        if (AssignsAutomatics)
        {
            frame.DefineAssignedAutomatics();
        }

        return _body.RunAsync(frame);
    }
}
