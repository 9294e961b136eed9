using System.Runtime.CompilerServices;

namespace AsyncJobs.Automation.Scopes;

/// <summary>Script blocks that belong to a session state, whoever calls them from wherever.</summary>
internal static class BoundScript
{
    // A module binds blocks to the state it has, and may be given one that is not a module's.
    private static readonly ConditionalWeakTable<SessionState, PSModuleInfo> Binders = [];

    /// <summary>A block that does the same, in a session state.</summary>
    public static ScriptBlock Of(SessionState state, ScriptBlock block) =>
        Binders.GetValue(state, static state => new PSModuleInfo(linkToGlobal: false) { SessionState = state }).NewBoundScriptBlock(block);
}
