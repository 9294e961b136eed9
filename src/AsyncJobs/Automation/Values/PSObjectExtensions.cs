namespace AsyncJobs.Automation.Values;

/// <summary>PowerShell hands values over as they are or wrapped in a PSObject, as it happens.</summary>
internal static class PSObjectExtensions
{
    public static object? Unwrap(this object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
