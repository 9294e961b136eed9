namespace AsyncJobs.Coroutines.Frames;

/// <summary>What a block is compiled for, as to its scope.</summary>
internal enum ScopeUse
{
    /// <summary>Whatever its text needs: variables made before it starts, or a look at the scope after each segment.</summary>
    AsWritten,

    /// <summary>A look at its scope after each segment, since who calls it does things with variables that cannot be seen.</summary>
    Kept,

    /// <summary>The same in the scope of its caller, who dots it: PowerShell looks all its variables up by name.</summary>
    OfCaller,
}
