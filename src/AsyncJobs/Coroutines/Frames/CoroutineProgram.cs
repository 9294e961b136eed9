using System.Collections.Concurrent;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>A script block compiled as a coroutine; one for all its tasks.</summary>
/// <param name="unit">What its segments have in common.</param>
/// <param name="body">Its statements.</param>
internal sealed class CoroutineProgram(CompilationUnit unit, CoroutineNode body)
{
    private readonly ConcurrentDictionary<string, CoroutineProgram> _variants = new();
    private ScriptBlock? _callBinder;

    /// <summary>Compiles the same block once more: where other variables may have a value further out, or its scope is another.</summary>
    internal delegate CoroutineProgram Variant(ScriptBlock source, CommandNames names, IReadOnlyCollection<string> hidden, ScopeUse scope);

    /// <summary>Who made it, and makes those of the functions that it calls.</summary>
    public required ICoroutineCompiler Compiler { get; init; }

    /// <summary>Makes it once more.</summary>
    public required Variant Again { get; init; }

    /// <summary>Binds its parameters, or makes its <c>$MyInvocation</c>; null where it has no use for either.</summary>
    public required Action<CoroutineFrame>? Bind { get; init; }

    /// <summary>
    /// Its parameters where binding them to values is no more than to assign these, each with the type that the value has
    /// to be of, or null for any; null where PowerShell has to bind them.
    /// </summary>
    public required (string Name, Type? Type)[]? PlainParameters { get; init; }

    /// <summary>Makes what <see cref="CallBinder"/> is.</summary>
    public required Func<ScriptBlock> MakeCallBinder { get; init; }

    public required BlockFacts Names { get; init; }

    /// <inheritdoc cref="CompoundAssignmentQuirk.NamesIn"/>
    public required IReadOnlyList<string> Compound { get; init; }

    /// <inheritdoc cref="CompilationUnit.IntrinsicCommands"/>
    public required IReadOnlyCollection<string> IntrinsicCommands { get; init; }

    /// <inheritdoc cref="CompilationUnit.Module"/>
    public PSModuleInfo? Module => unit.Module;

    /// <inheritdoc cref="CompilationUnit.NamesFurtherScopes"/>
    public bool NamesFurtherScopes => unit.NamesFurtherScopes;

    public bool UsesSuccess => unit.UsesSuccess;

    /// <summary>Whether its variables may come and go in ways that its text does not show.</summary>
    public bool HasScopeEffects => unit.Scope.IsCallers || Effects.AreInBlock;

    private ScopeEffects Effects => unit.ScopeEffects;

    private bool SetsStrictMode => Names.Commands.Any(static use => use.Does(CommandEffect.SetsStrictMode));

    public bool UsesBoundParameters => unit.UsesBoundParameters;

    public bool SaysWhere => unit.SaysWhere;

    public bool AssignsAutomatics => unit.AssignsAutomatics;

    public bool UsesCmdlet => unit.UsesCmdlet;

    /// <summary>
    /// What a function of that name has to be for PowerShell to bind a call of it: the block then runs with what came of that.
    /// </summary>
    public ScriptBlock CallBinder => _callBinder ??= MakeCallBinder();

    /// <summary>
    /// The same where variables that it assigns to with an operator may be read before they are its own: there is one
    /// further out, or strict mode has a say, that of the block itself, too.
    /// </summary>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    /// <param name="mayBeRead">Whether one may.</param>
    public CoroutineProgram WithReadableVariables(ScriptBlock source, CommandNames names, Func<string, bool> mayBeRead)
    {
        string[] hidden = [.. SetsStrictMode ? Compound : Compound.Where(mayBeRead)];
        return hidden.Length == 0
            ? this
            : _variants.GetOrAdd(string.Join(' ', hidden), _ => Again(source, names, hidden, unit.Scope));
    }

    /// <summary>The same where it is called by another, whose functions it may call.</summary>
    /// <param name="caller">The other.</param>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    /// <param name="isDotted">Whether it runs in the scope of that.</param>
    public CoroutineProgram CalledBy(CoroutineProgram caller, ScriptBlock source, CommandNames names, bool isDotted)
    {
        var scope = new ScopeUse(Effects.OfCalls | caller.Effects.OfCalls, isDotted);
        return scope == new ScopeUse(Effects.OfCalls, IsCallers: false) ? this : _variants.GetOrAdd($"{scope}", _ => Again(source, names, [], scope));
    }

    /// <summary>One of its variables, which has not been assigned.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isStrict">Whether it cannot be read before it is assigned.</param>
    public PSVariable NewVariable(string name, bool isStrict)
    {
        bool isSet = VariableNames.IsOfLoop(name) || !(isStrict || HasScopeEffects);
        PSVariable variable = unit.NewVariable(name, null, isSet, outer: null);
        if (variable is BlockVariable own)
        {
            own.IsStrict = isStrict;
        }

        return variable;
    }

    /// <summary>A variable that it reads as one further out, until it assigns it.</summary>
    public PSVariable NewOuter(PSVariable outer) =>
        HasScopeEffects || Names.Assigns(outer.Name) ? unit.NewVariable(outer.Name, outer.Value, isSet: true, outer) : outer;

    /// <inheritdoc cref="CompilationUnit.Typed"/>
    public PSVariable Typed(PSVariable variable) => unit.Typed(variable);

    /// <summary>Whether its variables cannot be read before they are assigned, where its names have been looked up.</summary>
    public bool IsStrictFor(CommandNames names) => (Names.Assigned.Count > 0 || HasScopeEffects) && names.AreStrict;

    /// <summary>What it became: a line for each node.</summary>
    public override string ToString() => ProgramText.Of(body);

    /// <summary>Runs it in a frame.</summary>
    public ValueTask<Flow> RunAsync(CoroutineFrame frame)
    {
        Bind?.Invoke(frame);
        return RunBodyAsync(frame);
    }

    /// <summary>Runs it in a frame that has its parameters.</summary>
    public ValueTask<Flow> RunBodyAsync(CoroutineFrame frame)
    {
        if (AssignsAutomatics)
        {
            frame.NoteAssignedAutomatics();
        }

        return body.RunAsync(frame);
    }
}
