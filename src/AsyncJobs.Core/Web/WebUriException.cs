namespace AsyncJobs;

/// <summary>What was given as the address of a request is none.</summary>
#pragma warning disable CA1032 // Made by the web engine alone, from the text that is no address.
public sealed class WebUriException : UriFormatException, IHasErrorId
#pragma warning restore CA1032
{
    internal WebUriException(string? address, string reason)
        : base($"'{address}' is no web address: {reason}")
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "WebUriInvalid";
}
