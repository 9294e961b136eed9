namespace AsyncJobs;

/// <summary>A block that cannot run as a coroutine; found when its task starts, before any of it has run.</summary>
#pragma warning disable CA1032 // Thrown by the compiler of coroutines alone, always with a position.
public sealed class CoroutineNotSupportedException : NotSupportedException, IContainsErrorRecord
#pragma warning restore CA1032
{
    internal CoroutineNotSupportedException(IScriptExtent extent, string what, string instead)
        : base($"{what} cannot be part of a coroutine ({Where(extent)}): {Brief(extent.Text)}. {instead} Start-AsyncTask -OnThread runs the block as it is, on a thread of its own.")
    {
        Extent = extent;
        ErrorRecord = new ErrorRecord(this, ErrorIds.CoroutineNotSupported, ErrorCategory.NotImplemented, extent);
    }

    /// <summary>What is not supported, in the script.</summary>
    public IScriptExtent Extent { get; }

    /// <inheritdoc/>
    public ErrorRecord ErrorRecord { get; }

    private static string Where(IScriptExtent extent) =>
        $"{(extent.File is null ? "" : extent.File + ":")}line {extent.StartLineNumber}, column {extent.StartColumnNumber}";

    private static string Brief(string text) => BriefText.Cut(text.Split('\n')[0].TrimEnd(), 60);
}
