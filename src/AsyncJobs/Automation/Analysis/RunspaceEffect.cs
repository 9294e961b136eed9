namespace AsyncJobs.Automation.Analysis;

/// <summary>What a script may leave behind in the runspace it runs in.</summary>
internal enum RunspaceEffect
{
    /// <summary>Nothing: plain computation.</summary>
    None,

    /// <summary>What can be seen and put back.</summary>
    Restorable,

    /// <summary>What nothing public can see or undo.</summary>
    Irreversible,
}
