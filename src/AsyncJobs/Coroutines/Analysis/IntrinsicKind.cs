namespace AsyncJobs.Coroutines.Analysis;

/// <summary>How the engine does by itself what a cmdlet of ours does.</summary>
internal enum IntrinsicKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The cmdlet's class says what is done to a primitive.</summary>
    Call,

    /// <summary>It is the plain await.</summary>
    Await,

    /// <summary>It makes the task of a sleep.</summary>
    Sleep,

    /// <summary>It starts a task of a block.</summary>
    Block,
}
