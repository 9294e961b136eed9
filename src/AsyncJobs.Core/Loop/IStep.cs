namespace AsyncJobs;

/// <summary>What runs on the loop, for messages; asked from any thread, also while it runs.</summary>
internal interface IStep
{
    /// <summary>What it is, as the subject of a sentence.</summary>
    string Subject { get; }

    /// <summary>File and line where it is now, or where it begins; null where that is not known.</summary>
    string? Position { get; }
}
