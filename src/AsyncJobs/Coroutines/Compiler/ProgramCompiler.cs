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
        // Its segments belong to the session; a function's syntax may be in several.
        string cacheKey = names.CacheKey;
        if (_programs.TryGetValue(source.Ast, out Known? known) && ReferenceEquals(known.Module, source.Module)
            && known.Language == language && known.CacheKey == cacheKey)
        {
            return known.Program;
        }

        CoroutineProgram program = Create(source, names, language, hidden: [], scope: default);
        _programs.AddOrUpdate(source.Ast, new Known(source.Module, language, cacheKey, program));
        return program;
    }

    /// <inheritdoc/>
    public CoroutineProgram? ProgramOf(ScriptBlock function) => _called.ProgramOf(function);

    private CoroutineProgram Create(ScriptBlock source, CommandNames names, PSLanguageMode language, IReadOnlyCollection<string> hidden, ScopeUse scope)
    {
        try
        {
            return Compile(source, new BlockMeaning(names, hidden), language, scope);
        }
        catch (CoroutineNotSupportedException) when (names.HasCalls)
        {
            // A call that stands where nothing can suspend runs natively, as those of all other functions do.
            return Compile(source, new BlockMeaning(names.WithoutCalls(), hidden), language, scope);
        }
    }

    private CoroutineProgram Compile(ScriptBlock source, BlockMeaning meaning, PSLanguageMode language, ScopeUse scope)
    {
        ScriptBlockAst block = BlockSyntax.Of(source);
        UnsupportedBlocks.Check(source.Ast, block);
        var unit = new CompilationUnit(source, block, language, scope, meaning.Names);
        CoroutineNode body = new Emitter().Visit(new Optimizer(unit, meaning.Names).Visit(new StatementCompiler(unit, meaning).CompileBlocks(block)));
        ParamBlockAst? parameters = ParametersOf(source, block);
        ParameterBinding? binding = parameters is null && !unit.UsesInvocation && !unit.UsesUsing && block.DynamicParamBlock is null ? null : new ParameterBinding(unit, parameters);
        return new CoroutineProgram(unit, body)
        {
            Compiler = this,
            Again = (again, names, hidden, scope) => Create(again, names, language, hidden, scope),
            Bind = binding is null ? null : binding.Run,
            PlainParameters = unit.SaysWhere || unit.UsesCmdlet || unit.UsesBoundParameters || unit.AssignsAutomatics || block.DynamicParamBlock is not null ? null : PlainParameters(parameters),
            MakeCallBinder = () => CallBinding.Of(unit, parameters),
            Names = BlockFacts.Of(block),
            Compound = scope.IsCallers ? [] : CompoundAssignmentQuirk.NamesIn(block),
            IntrinsicCommands = IntrinsicCommands.AreDefinedIn(block, unit.IntrinsicCommands) ? [] : unit.IntrinsicCommands,
        };
    }

    private static ParamBlockAst? ParametersOf(ScriptBlock source, ScriptBlockAst block) =>
        block.ParamBlock is null && source.Ast is FunctionDefinitionAst function && PowerShell7.ParametersOf(function) is { Count: > 0 } head
            ? new ParamBlockAst(head[0].Extent, null, head.Select(static parameter => (ParameterAst)parameter.Copy()))
            : block.ParamBlock;

    private static (string Name, Type? Type)[]? PlainParameters(ParamBlockAst? parameters)
    {
        if (parameters is { Attributes.Count: > 0 } || parameters?.Parameters.All(IsPlain) == false)
        {
            return null;
        }

        return [.. parameters?.Parameters.Select(static parameter => (parameter.Name.VariablePath.UserPath, parameter.Attributes is [TypeConstraintAst type] ? type.TypeName.GetReflectionType() : null)) ?? []];

        // A value of just that type is not converted.
        static bool IsPlain(ParameterAst parameter) => parameter.DefaultValue is null && parameter.Name.VariablePath.IsUnscopedVariable && !VariableNames.IsAutomatic(parameter.Name.VariablePath.UserPath)
            && (parameter.Attributes.Count == 0 || (parameter.Attributes is [TypeConstraintAst type] && IsSimple(type.TypeName.GetReflectionType())));

        static bool IsSimple(Type? type) => type == typeof(string) || type is { IsPrimitive: true };
    }

    private sealed record Known(PSModuleInfo? Module, PSLanguageMode Language, string CacheKey, CoroutineProgram Program);
}
