namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Says of a cmdlet by which coroutines wait that it waits again and again, and writes in between.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class KeepsWritingAttribute : Attribute
{
    /// <summary>The switch with which it does so; null if it always does.</summary>
    public string? With { get; set; }

    /// <summary>Whether it goes on for as long as others work.</summary>
    public bool IsUnbounded { get; set; }
}
