namespace AsyncJobs;

/// <summary>What was given as the address of a request is none.</summary>
public sealed class WebUriException : UriFormatException, IHasErrorId
{
    internal WebUriException(string? address, string reason)
        : base($"'{WebAddress.Show(address)}' is no web address: {reason}")
    {
    }

    /// <inheritdoc/>
    public string ErrorId => "WebUriInvalid";
}
