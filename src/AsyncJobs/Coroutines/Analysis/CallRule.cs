namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Which calls of functions and blocks count as a part of the coroutine.</summary>
internal enum CallRule
{
    /// <summary>No calls.</summary>
    None,

    /// <summary>Calls of what is known to await when the block starts.</summary>
    Awaits,

    /// <summary>Those, and calls of values, of which nobody knows before they are made.</summary>
    MayAwait,
}
