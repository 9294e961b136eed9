namespace AsyncJobs.Coroutines.Frames;

/// <summary>The names of the variables through which a coroutine's segments and the engine tell each other something.</summary>
internal static class EngineNames
{
    /// <summary>Holds what <c>$MyInvocation</c> is set from: Write-Error and its like say that their records come from there.</summary>
    public const string Invocation = OwnNames.Prefix + "Invocation";

    /// <summary>Holds what <c>$PSCmdlet</c> is set from: that of the function which started the task.</summary>
    public const string Cmdlet = OwnNames.Prefix + "Cmdlet";

    /// <summary>Holds what <c>$PSBoundParameters</c> is set from in each segment that reads it.</summary>
    public const string BoundParameters = OwnNames.Prefix + "Bound";

    /// <summary>Holds what a block is called with to have its <c>$using:</c> values; splatted.</summary>
    public const string Using = OwnNames.Prefix + "Using";

    /// <summary>Gives the scope of a segment, when it is written, what the block has besides variables and functions.</summary>
    public const string EnterScope = OwnNames.Prefix + "EnterScope";

    /// <summary>Takes, when it is written, what a segment has made of its scope.</summary>
    public const string LeaveScope = OwnNames.Prefix + "LeaveScope";

    /// <summary>Holds what <c>$?</c> was when the last segment ended.</summary>
    public const string Success = OwnNames.Prefix + "Success";

    /// <summary>Holds what a block has assigned to <c>$_</c>.</summary>
    public const string Underscore = OwnNames.Prefix + "Underscore";

    /// <summary>Holds what a block has assigned to <c>$args</c>.</summary>
    public const string Arguments = OwnNames.Prefix + "Arguments";

    /// <summary>Runs what the frame has for a segment, or throws the error, when it is written.</summary>
    public const string Action = OwnNames.Prefix + "Action";

    /// <summary>Throws, when it is written, what the catch has caught that a segment is in; written again, it keeps that from being noted twice.</summary>
    public const string Handled = OwnNames.Prefix + "Handled";
}
