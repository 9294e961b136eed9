namespace AsyncJobs.Core.Files;

/// <summary>What stands at a path.</summary>
internal enum FileTargetKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A plain file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A device, a pipe or a file of the system's own: written where it is, for it cannot be replaced.</summary>
    Device,
}
