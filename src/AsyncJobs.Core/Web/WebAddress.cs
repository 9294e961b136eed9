namespace AsyncJobs.Core.Web;

/// <summary>Reads the address of a request.</summary>
internal static class WebAddress
{
    /// <summary>The URI of an address; one without a scheme is taken for http, as Invoke-WebRequest does.</summary>
    /// <exception cref="WebUriException">The text is no web address.</exception>
    public static Uri Parse(string? address)
    {
        if (string.IsNullOrWhiteSpace(address))
        {
            throw new WebUriException(address, "it is empty.");
        }

        bool hasScheme = address.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            && (hasScheme || !Uri.TryCreate("http://" + address, UriKind.Absolute, out uri)))
        {
            throw new WebUriException(address, "it cannot be read as scheme, host and path.");
        }

        return IsWeb(uri) ? uri : throw new WebUriException(address, $"its scheme is '{uri.Scheme}', not http or https.");
    }

    public static bool IsWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>Whether two addresses are of one scheme, host and port.</summary>
    public static bool IsSamePlace(Uri one, Uri other) => Uri.Compare(
        one, other, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>The URI with more after its question mark.</summary>
    /// <param name="uri">An absolute URI.</param>
    /// <param name="query">Name-value pairs, encoded, without the question mark.</param>
    public static Uri WithQuery(Uri uri, string query)
    {
        if (query.Length == 0)
        {
            return uri;
        }

        var builder = new UriBuilder(uri);
        builder.Query = builder.Query.Length > 1 ? $"{builder.Query}&{query}" : query;
        return builder.Uri;
    }

    /// <summary>The URI for a message: without user, password and the values of its query, any of which may be a secret.</summary>
    public static string Show(Uri uri) => TaskSubject.OfAddress(uri);

    /// <summary>The URI for whoever handles an error: without what may be a secret in it.</summary>
    public static Uri Bare(Uri uri) => new(uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));

    /// <summary>A text that was to be an address, for a message; of one that has a user in it only what follows him.</summary>
    public static string Show(string? address)
    {
        string text = (address ?? "").Split('?')[0];
        int host = text.LastIndexOf('@') + 1;
        return (host > 0 ? text[host..] : text) + (text.Length < address?.Length ? "?..." : "");
    }
}
