namespace AsyncJobs.Core.Processes;

/// <summary>What is made of the bytes that a program writes.</summary>
internal enum ProcessOutputKind
{
    /// <summary>A string for each line, without its end.</summary>
    Lines,

    /// <summary>One string, as it was written.</summary>
    Text,

    /// <summary>One byte array.</summary>
    Bytes,
}
