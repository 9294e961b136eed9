using System.Runtime.CompilerServices;

namespace AsyncJobs.Coroutines.Compiler;

/// <summary>The functions and blocks that coroutines call, as programs that run as a part of them.</summary>
/// <param name="session">Where they are called.</param>
/// <param name="compiler">Makes the programs.</param>
internal sealed class CalledFunctions(RunspaceLoop session, ProgramCompiler compiler)
{
    private readonly ConditionalWeakTable<Ast, Known> _programs = [];

    /// <summary>The program of one; null where PowerShell has to run it.</summary>
    /// <param name="function">The function or block.</param>
    public CoroutineProgram? ProgramOf(ScriptBlock function)
    {
        // A block keeps the language mode that it was made in, and nobody says which.
        if (session.MayBeConstrained || session.CurrentWaiter is not { } waiter)
        {
            return null;
        }

        if (!_programs.TryGetValue(function.Ast, out Known? known) || !ReferenceEquals(known.Module, function.Module))
        {
            known = new Known(Compile(function, waiter.Cmdlet), function.Module);
            _programs.AddOrUpdate(function.Ast, known);
        }

        return known.Program;
    }

    private CoroutineProgram? Compile(ScriptBlock function, PSCmdlet waiter)
    {
        // What says a scope around it by a number reaches the caller's, which has it natively.
        if (!AwaitingFunctions.Contains(function.Ast, function.Module, waiter.InvokeCommand, isGivenBlocks: true)
            || BlockFacts.Of(function.Ast).Commands.Any(static use => use.IsOwn && VariableNames.ScopeNumberOf(use.Node) > 0))
        {
            return null;
        }

        try
        {
            return compiler.ProgramOf(function, new CommandNames(waiter, function), PSLanguageMode.FullLanguage);
        }
        catch (CoroutineNotSupportedException)
        {
            return null;
        }
    }

    private sealed record Known(CoroutineProgram? Program, PSModuleInfo? Module);
}
