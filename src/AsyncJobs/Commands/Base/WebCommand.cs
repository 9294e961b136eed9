using System.Collections;
using System.Net.Sockets;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.PowerShell.Commands;

namespace AsyncJobs;

/// <summary>
/// What all cmdlets that send requests share: whom they ask, how, and as whom; the names are those of the built-in cmdlets.
/// </summary>
public abstract partial class WebCommand : StartCommand
{
    // Two sets, so that a plain address is not searched for a property OutFile, which costs more than starting its task.
    private protected const string ByAddress = "Address";
    private protected const string ByObject = "Object";

    /// <summary>The address; one without a scheme is taken for http. One that cannot be read fails its own task.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByAddress)]
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByObject)]
    [AllowNull]
    [AllowEmptyString]
    [UriText]
    public string? Uri { get; set; }

    /// <summary>The HTTP version to ask for; 1.1 unless given.</summary>
    [Parameter]
    [HttpVersion]
    [ArgumentCompleter(typeof(HttpVersionCompleter))]
    public Version? HttpVersion { get; set; }

    /// <summary>Headers by name.</summary>
    [Parameter]
    public IDictionary? Headers { get; set; }

    /// <summary>Sends headers as they are, whatever their names ask for.</summary>
    [Parameter]
    public SwitchParameter SkipHeaderValidation { get; set; }

    /// <summary>How the request names its sender.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(UserAgentCompleter))]
    public string? UserAgent { get; set; }

    /// <summary>The session to send with: its cookies, headers and credentials.</summary>
    [Parameter]
    public WebRequestSession? WebSession { get; set; }

    /// <summary>The variable that gets a new session, for later requests.</summary>
    [Parameter]
    [Alias("SV")]
    public string? SessionVariable { get; set; }

    /// <summary>How the request says who sends it.</summary>
    [Parameter]
    public WebAuthenticationType Authentication { get; set; }

    /// <summary>The user, for -Authentication Basic, or for a server that asks.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The token, for -Authentication Bearer or OAuth.</summary>
    [Parameter]
    public SecureString? Token { get; set; }

    /// <summary>Allows credentials and tokens to be sent over http.</summary>
    [Parameter]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>Answers a server that asks as the user of this process.</summary>
    [Parameter]
    public SwitchParameter UseDefaultCredentials { get; set; }

    /// <summary>The client's certificate.</summary>
    [Parameter]
    [ValidateNotNull]
    public X509Certificate? Certificate { get; set; }

    /// <summary>The thumbprint of the client's certificate in the user's store.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    public string? CertificateThumbprint { get; set; }

    /// <summary>Takes any certificate of the server.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>The TLS versions that may be used.</summary>
    [Parameter]
    public WebSslProtocol SslProtocol { get; set; }

    /// <summary>The proxy.</summary>
    [Parameter]
    public Uri? Proxy { get; set; }

    /// <summary>The user for the proxy.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Answers the proxy as the user of this process.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Uses no proxy, whatever the environment says.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>A socket of this machine to send through, in place of the host's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public UnixDomainSocketEndPoint? UnixSocket { get; set; }

    /// <summary>Closes the connection after the answer.</summary>
    [Parameter]
    public SwitchParameter DisableKeepAlive { get; set; }

    /// <summary>How many redirections are followed; 50 unless given.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumRedirection { get; set; } = -1;

    /// <summary>Follows redirections from https to http.</summary>
    [Parameter]
    public SwitchParameter AllowInsecureRedirect { get; set; }

    /// <summary>Sends the header Authorization to the target of a redirection, too.</summary>
    [Parameter]
    public SwitchParameter PreserveAuthorizationOnRedirect { get; set; }

    /// <summary>Seconds for each attempt as a whole, body included; 0, the default, for no such limit.</summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    /// <summary>
    /// Seconds until the headers of the answer are there; 100 unless given, and 15 of them for connecting. 0 for no limit.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double ConnectionTimeoutSeconds { get; set; }

    /// <summary>Seconds that the body may stall; 60 unless given. 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double OperationTimeoutSeconds { get; set; }

    /// <summary>
    /// How often a request is tried again after status 408, 429, 500, 502, 503 or 504, a lost or refused connection, or a
    /// time-out.
    /// </summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumRetryCount { get; set; }

    /// <summary>Seconds before the second attempt, where the server does not say itself; 5 unless given.</summary>
    [Parameter]
    [ValidateRange(0.0, SecondsRange.Longest)]
    public double RetryIntervalSec { get; set; } = 5;

    /// <summary>How that wait grows with each further attempt.</summary>
    [Parameter]
    public BackoffKind Backoff { get; set; } = BackoffKind.Exponential;
}
