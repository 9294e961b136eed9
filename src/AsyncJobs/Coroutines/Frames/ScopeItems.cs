namespace AsyncJobs.Coroutines.Frames;

/// <summary>What a coroutine's scope has besides variables, and what is around it.</summary>
internal sealed class ScopeItems
{
    /// <summary>Its functions, by name.</summary>
    public Dictionary<string, ScriptBlock>? Functions { get; set; }

    /// <summary>Its aliases: what each stands for.</summary>
    public Dictionary<string, string>? Aliases { get; set; }

    /// <inheritdoc cref="CoroutineFrame.Drives"/>
    public IReadOnlyList<PSDriveInfo> Drives { get; set; } = [];

    /// <inheritdoc cref="CoroutineFrame.StrictVersion"/>
    public int? StrictVersion { get; set; }

    /// <summary>What is further out of the variables that it names; kept where its own may come and go.</summary>
    public IReadOnlyList<PSVariable> Outer { get; set; } = [];

    /// <summary>How many scopes inside it have been entered.</summary>
    public int InnerScopes { get; set; }
}
