namespace AsyncJobs.Core.Loop;

/// <summary>A step that runs on the loop, for messages; asked from any thread, also while it runs.</summary>
internal interface IStep
{
    /// <summary>The step as the subject of a sentence.</summary>
    string Subject { get; }

    /// <summary>File and line where the step is now, or where it begins; null where that is not known.</summary>
    string? Position { get; }
}
