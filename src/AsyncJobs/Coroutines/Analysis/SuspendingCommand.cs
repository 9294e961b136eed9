namespace AsyncJobs.Coroutines.Analysis;

/// <summary>A cmdlet by which coroutines wait, as a command of its own.</summary>
/// <param name="Info">The cmdlet.</param>
/// <param name="HasBody">Whether its block is a part of the coroutine that it stands in.</param>
/// <param name="TakesInput">Whether it takes what others write, and waits only where there is no room for it.</param>
/// <param name="Writing">How it writes again and again, if it does.</param>
/// <param name="Intrinsic">How the engine does what it does.</param>
internal sealed record SuspendingCommand(CmdletInfo Info, bool HasBody, bool TakesInput, KeepsWritingAttribute? Writing, IntrinsicKind Intrinsic);
