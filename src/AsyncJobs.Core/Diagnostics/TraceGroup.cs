namespace AsyncJobs.Core.Diagnostics;

/// <summary>Several tasks that are waited for together.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Ids">The numbers of the first of them.</param>
internal sealed record TraceGroup(int Count, int[] Ids);
