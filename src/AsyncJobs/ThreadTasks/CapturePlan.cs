using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <summary>What can be known of a block by looking at it; once for each block, however many tasks run it.</summary>
internal sealed class CapturePlan
{
    private static readonly ConditionalWeakTable<Ast, CapturePlan> Plans = [];

    private CapturePlan(Ast block)
    {
        MayChangeSession = SessionChanges.Possible(block);
        SpoilsSession = SessionChanges.Lasting(block);
    }

    /// <summary>Whether it may leave something behind in its runspace: false for plain computation.</summary>
    public bool MayChangeSession { get; }

    /// <summary>Whether it calls what changes a runspace in ways that cannot be taken back.</summary>
    public bool SpoilsSession { get; }

    /// <summary>The plan of a block, script or function.</summary>
    public static CapturePlan Of(Ast block) => Plans.GetValue(block, static key => new CapturePlan(key));
}
