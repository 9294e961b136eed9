namespace AsyncJobs.Coroutines.Frames;

/// <summary>The clause that handles an error, and the <c>$_</c> it is given.</summary>
internal sealed record CaughtError(int Clause, object? Underscore);
