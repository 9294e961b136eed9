namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Says of a cmdlet that coroutines wait by it, as a command of its own.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class SuspendsAttribute : Attribute
{
    /// <summary>Whether the cmdlet's block is a part of the coroutine that the command stands in.</summary>
    public bool HasBody { get; set; }

    /// <summary>Whether the cmdlet takes what other commands write, and waits only where there is no room for it.</summary>
    public bool TakesInput { get; set; }
}
