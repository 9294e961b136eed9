namespace AsyncJobs;

/// <summary>A parameter of a query that is not in its text, has no value, or a value that the provider does not take.</summary>
public sealed class DbParameterException : ArgumentException, IHasErrorId
{
    internal DbParameterException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "DbParameterInvalid";
}
