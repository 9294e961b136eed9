namespace AsyncJobs.Coroutines.Frames;

/// <summary>What a coroutine and the segments that PowerShell runs for it hand each other.</summary>
internal sealed class StepExchange
{
    /// <summary>What the last suspending command asked to wait for.</summary>
    public WaitRequest? Request { get; set; }

    /// <summary>The request whose outcome is being written by Resume.</summary>
    public WaitRequest? Resuming { get; set; }

    /// <summary>What is called, while its call is being bound, and whether it is dotted.</summary>
    public (ScriptBlock Function, bool IsDotted) Calling { get; set; }

    /// <summary>What came of that.</summary>
    public BoundCall? Bound { get; set; }

    /// <summary>What a cmdlet of the engine takes out of a scope that is about to go.</summary>
    public List<PSVariable> Pending { get; } = [];

    /// <summary>What is left for <c>$args</c> when the parameters are bound.</summary>
    public object?[]? BoundArguments { get; set; }

    /// <summary>The catch or trap that PowerShell has chosen for an error.</summary>
    public CaughtError? Caught { get; set; }
}
