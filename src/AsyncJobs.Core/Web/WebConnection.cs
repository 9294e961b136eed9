using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AsyncJobs.Core.Web;

/// <summary>What of a request belongs to its connection: requests that differ in it cannot share one.</summary>
internal sealed record WebConnection
{
    /// <summary>The limit for getting a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = WebTimeouts.Default.Connect;

    /// <summary>Whether any certificate of the server is taken.</summary>
    public bool SkipsCertificateCheck { get; init; }

    /// <summary>The TLS versions; none leaves the choice to the system.</summary>
    public SslProtocols Protocols { get; init; }

    /// <summary>What a server that asks for it is answered with.</summary>
    public ByValue<ICredentials>? Credentials { get; init; }

    /// <summary>The client's own certificates.</summary>
    public ByValue<X509CertificateCollection>? Certificates { get; init; }

    /// <summary>The proxy; null for the one that the environment names.</summary>
    public ByValue<IWebProxy>? Proxy { get; init; }

    /// <summary>Whether no proxy is used.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The path of a socket that is connected to in place of the host; null for the host.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>
    /// Whether an idle connection is given up soon, before the server does: for requests that must not be sent again on
    /// another when it did.
    /// </summary>
    public bool IsShortLived { get; init; }

    /// <summary>Whether each request has a connection of its own.</summary>
    public bool IsUsedOnce { get; init; }
}
