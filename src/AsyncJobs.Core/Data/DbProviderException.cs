namespace AsyncJobs;

/// <summary>A database provider was not found, or what was found is none.</summary>
public sealed class DbProviderException : Exception, IHasErrorId
{
    internal const string NotFound = "DbProviderNotFound";
    internal const string Invalid = "DbProviderInvalid";

    internal DbProviderException(string errorId, string message, Exception? cause = null)
        : base(message, cause) => ErrorId = errorId;

    /// <inheritdoc/>
    public string ErrorId { get; }
}
