using System.Collections.Concurrent;
using System.Management.Automation;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>A script block compiled as a coroutine; one for all its tasks.</summary>
/// <param name="unit">What its segments have in common.</param>
/// <param name="body">Its statements.</param>
internal sealed class CoroutineProgram(CompilationUnit unit, CoroutineNode body)
{
    private readonly ConcurrentDictionary<string, CoroutineProgram> _variants = new();
    private ScriptBlock? _callBinder;

    /// <summary>Compiles the same block once more: with other variables that may have a value further out, or keeping its scope.</summary>
    internal delegate CoroutineProgram Variant(ScriptBlock source, CommandNames names, IReadOnlyCollection<string> hidden, ScopeUse scope);

    /// <summary>Who made it, and makes those of the functions that it calls.</summary>
    public required ICoroutineCompiler Compiler { get; init; }

    /// <summary>Makes it once more.</summary>
    public required Variant Again { get; init; }

    /// <summary>Binds its parameters, or makes its <c>$MyInvocation</c>; null where it has no use for either.</summary>
    public required Action<CoroutineFrame>? Bind { get; init; }

    /// <summary>Makes what <see cref="CallBinder"/> is.</summary>
    public required Func<ScriptBlock> MakeCallBinder { get; init; }

    public required BlockFacts Names { get; init; }

    /// <inheritdoc cref="CompoundAssignmentQuirk.NamesIn"/>
    public required IReadOnlyList<string> Compound { get; init; }

    /// <summary>Those of <see cref="Compound"/> for which it is compiled that they may have a value further out.</summary>
    public required IReadOnlyCollection<string> Hidden { get; init; }

    /// <inheritdoc cref="CompilationUnit.OwnCommands"/>
    public required IReadOnlyCollection<string> OwnCommands { get; init; }

    /// <inheritdoc cref="CompilationUnit.Module"/>
    public PSModuleInfo? Module => unit.Module;

    public bool UsesSuccess => unit.UsesSuccess;

    public bool KeepsScope => unit.KeepsScope;

    public bool UsesBoundParameters => unit.UsesBoundParameters;

    /// <inheritdoc cref="CompilationUnit.HasProcessBlock"/>
    public bool HasProcessBlock => unit.HasProcessBlock;

    public bool SaysWhere => unit.SaysWhere;

    public bool AssignsAutomatics => unit.AssignsAutomatics;

    public bool UsesCmdlet => unit.UsesCmdlet;

    /// <summary>
    /// What a function of that name has to be for PowerShell to bind a call of it: the block then runs with what came of that.
    /// </summary>
    public ScriptBlock CallBinder => _callBinder ??= MakeCallBinder();

    /// <summary>
    /// The same where variables that it assigns to with an operator may be read before they are its own: there is one
    /// further out, or strict mode has a say.
    /// </summary>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    /// <param name="mayBeRead">Whether one may.</param>
    public CoroutineProgram WithReadableVariables(ScriptBlock source, CommandNames names, Func<string, bool> mayBeRead)
    {
        string[] hidden = KeepsScope ? [] : [.. Compound.Where(mayBeRead)];
        return hidden.Length == 0
            ? this
            : _variants.GetOrAdd(string.Join(' ', hidden), _ => Again(source, names, hidden, ScopeUse.AsWritten));
    }

    /// <summary>
    /// The same where its scope has to be looked at after each segment: who calls it does things with variables that cannot
    /// be seen.
    /// </summary>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    /// <param name="inCallers">Whether that is its caller's.</param>
    public CoroutineProgram KeepingScope(ScriptBlock source, CommandNames names, bool inCallers) =>
        inCallers ? _variants.GetOrAdd(".", _ => Again(source, names, hidden: [], ScopeUse.OfCaller))
        : KeepsScope ? this
        : _variants.GetOrAdd(string.Empty, _ => Again(source, names, hidden: [], ScopeUse.Kept));

    /// <summary>One of its variables, which has not been assigned.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isSet">Whether it may be read before it is assigned.</param>
    public PSVariable NewVariable(string name, bool isSet) => unit.NewVariable(name, null, isSet, outer: null);

    /// <summary>A variable that it reads as it was when it started, until it assigns it.</summary>
    public PSVariable NewCaptured(string name, object? value) => unit.NewVariable(
        name,
        value,
        isSet: true,
        Names.OfForEach.Contains(name, StringComparer.OrdinalIgnoreCase) || Hidden.Contains(name, StringComparer.OrdinalIgnoreCase) ? new PSVariable(name, value) : null);

    /// <summary>A variable that it reads as its caller's, until it assigns it.</summary>
    public PSVariable NewInherited(PSVariable outer) => unit.NewVariable(outer.Name, outer.Value, isSet: true, outer);

    /// <inheritdoc cref="CompilationUnit.Typed"/>
    public PSVariable Typed(PSVariable variable) => unit.Typed(variable);

    /// <summary>
    /// Whether its variables cannot be read before they are assigned, where a command is called; one that keeps its scope
    /// has none of these.
    /// </summary>
    public bool IsStrictFor(PSCmdlet command) => !KeepsScope && Names.Assigned.Count > 0 && StrictMode.Of(command) > 0;

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
            frame.DefineAssignedAutomatics();
        }

        return body.RunAsync(frame);
    }
}
