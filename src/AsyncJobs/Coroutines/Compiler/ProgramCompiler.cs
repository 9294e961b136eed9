using System.Runtime.CompilerServices;

namespace AsyncJobs.Coroutines.Compiler;

/// <summary>
/// What a session has compiled of blocks and functions. The same syntax may be in several sessions, and compiled script
/// belongs to one.
/// </summary>
internal sealed class ProgramCompiler : ICoroutineCompiler
{
    private readonly ConditionalWeakTable<Ast, Known> _programs = [];
    private readonly CalledFunctions _called;

    private ProgramCompiler(RunspaceLoop session) => _called = new CalledFunctions(session, this);

    /// <summary>That of a session.</summary>
    public static ProgramCompiler Of(RunspaceLoop session) => session.Part(static session => new ProgramCompiler(session));

    /// <inheritdoc/>
    public CoroutineProgram ProgramOf(ScriptBlock source, CommandNames names, PSLanguageMode language)
    {
        return TryGetProgram(source, names, language, out CoroutineProgram? program) is { } refusal ? throw refusal : program!;
    }

    /// <summary>The program of a block.</summary>
    /// <param name="source">The block.</param>
    /// <param name="names">What its command names mean.</param>
    /// <param name="language">Its language mode.</param>
    /// <param name="program">The program; null where the block is refused.</param>
    /// <returns>Why it is refused, or null.</returns>
    public CoroutineNotSupportedException? TryGetProgram(ScriptBlock source, CommandNames names, PSLanguageMode language, out CoroutineProgram? program)
    {
        // Its segments belong to the session; a function's syntax may be in several.
        string cacheKey = names.CacheKey;
        if (_programs.TryGetValue(source.Ast, out Known? known) && ReferenceEquals(known.Module, source.Module)
            && known.Language == language && known.CacheKey == cacheKey)
        {
            program = known.Program;
            return null;
        }

        CoroutineNotSupportedException? refusal = TryCreate(source, names, language, hidden: [], scope: default, out program);
        if (program is not null)
        {
            _programs.AddOrUpdate(source.Ast, new Known(source.Module, language, cacheKey, program));
        }

        return refusal;
    }

    /// <inheritdoc/>
    public CoroutineProgram? ProgramOf(ScriptBlock function) => _called.ProgramOf(function);

    // A call that stands where nothing can suspend runs natively, as those of all other functions do.
    private CoroutineNotSupportedException? TryCreate(
        ScriptBlock source, CommandNames names, PSLanguageMode language, IReadOnlyCollection<string> hidden, ScopeUse scope, out CoroutineProgram? program)
    {
        CoroutineProgram? compiled = null;
        Func<CoroutineNotSupportedException?> compile = () => TryCompile(source, language, hidden, scope, out compiled);
        CoroutineNotSupportedException? refusal = names.In(compile);
        if (refusal is not null && names.HasCalls)
        {
            refusal = names.In(() => names.WithoutCalls(compile));
        }

        program = compiled;
        return refusal;
    }

    private CoroutineNotSupportedException? TryCompile(
        ScriptBlock source, PSLanguageMode language, IReadOnlyCollection<string> hidden, ScopeUse scope, out CoroutineProgram? program)
    {
        program = null;
        ScriptBlockAst block = BlockSyntax.Of(source);
        var unit = new CompilationUnit(source, block, language, scope);
        IReadOnlyList<string> compound = scope.IsCallers ? [] : CompoundAssignmentQuirk.NamesIn(block);
        var checker = new Checker(unit);
        CoroutineNode? body = CompoundAssignmentQuirk.In(hidden, () =>
        {
            checker.Check(source, block);
            return checker.Refusal is null ? new Emitter().Visit(new Optimizer(unit).Visit(new StatementCompiler(unit).CompileBlocks(block))) : null;
        });
        if (body is null)
        {
            return checker.Refusal;
        }

        ParamBlockAst? parameters = ParametersOf(source, block);
        ParameterBinding? binding = parameters is null && !unit.UsesInvocation && !unit.UsesUsing ? null : new ParameterBinding(unit, parameters);
        program = new CoroutineProgram(unit, body)
        {
            Compiler = this,
            Again = (again, names, hidden, scope) => TryCreate(again, names, language, hidden, scope, out CoroutineProgram? variant) is { } refusal ? throw refusal : variant!,
            Bind = binding is null ? null : binding.Run,
            MakeCallBinder = () => CallBinding.Of(unit, parameters),
            Names = BlockFacts.Of(block),
            Compound = compound,
            OwnCommands = OwnCommands.AreDefinedIn(block, unit.OwnCommands) ? [] : unit.OwnCommands,
        };
        return null;
    }

    private static ParamBlockAst? ParametersOf(ScriptBlock source, ScriptBlockAst block) =>
        block.ParamBlock is null && source.Ast is FunctionDefinitionAst function && PowerShell7.ParametersOf(function) is { Count: > 0 } head
            ? new ParamBlockAst(head[0].Extent, null, head.Select(static parameter => (ParameterAst)parameter.Copy()))
            : block.ParamBlock;

    private sealed record Known(PSModuleInfo? Module, PSLanguageMode Language, string CacheKey, CoroutineProgram Program);
}
