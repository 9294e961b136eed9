using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>What a session has compiled of blocks and functions. The same syntax may be in several sessions, and compiled script belongs to one.</summary>
/// <param name="session">The session.</param>
internal sealed class CompiledBlocks(AsyncSession session)
{
    /// <summary>Programs, by the syntax of the block or function.</summary>
    public ConditionalWeakTable<Ast, CoroutineProgram> Programs { get; } = [];

    /// <summary>Functions that coroutines call.</summary>
    public CalledFunctions Called { get; } = new(session);

    /// <summary>What names are in a block.</summary>
    public ConditionalWeakTable<ScriptBlockAst, CommandNames.Text> Texts { get; } = [];
}
