namespace AsyncJobs;

/// <summary>
/// A part of a statement has failed, and PowerShell has reported it as its preferences say: the rest of the statement is
/// left out. For the list that the statement is in; no script sees it.
/// </summary>
#pragma warning disable CA1032, CA1064 // Thrown and caught inside the engine.
internal sealed class StatementEndedException : Exception
#pragma warning restore CA1032, CA1064
{
}
