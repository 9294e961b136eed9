using System.Collections;
using System.Net.Sockets;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.PowerShell.Commands;

namespace AsyncJobs;

/// <summary>What the two web cmdlets share: the parameters of the built-in cmdlets, and some of their own.</summary>
public abstract partial class StartWebCommand : StartCommand
{
    // Two sets, so that a plain address is not searched for a property OutFile, which costs more than starting its task.
    private protected const string ByAddress = "Address";
    private const string ByObject = "Object";

    /// <summary>The address; one without a scheme is taken for http. One that cannot be read fails its own task.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByAddress)]
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByObject)]
    [AllowNull]
    [AllowEmptyString]
    [UriText]
    public string? Uri { get; set; }

    /// <summary>Does nothing: there is no other parsing.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter UseBasicParsing { get; set; }

    /// <summary>The method; GET unless given.</summary>
    [Parameter]
    [MethodName]
    public WebRequestMethod Method { get; set; }

    /// <summary>A method that -Method does not know.</summary>
    [Parameter]
    [Alias("CM")]
    [ValidateNotNullOrEmpty]
    public string? CustomMethod { get; set; }

    /// <summary>The HTTP version to ask for; 1.1 unless given.</summary>
    [Parameter]
    [HttpVersion]
    public Version? HttpVersion { get; set; }

    /// <summary>Headers by name.</summary>
    [Parameter]
    public IDictionary? Headers { get; set; }

    /// <summary>Sends headers as they are, whatever their names ask for.</summary>
    [Parameter]
    public SwitchParameter SkipHeaderValidation { get; set; }

    /// <summary>How the request names its sender.</summary>
    [Parameter]
    public string? UserAgent { get; set; }

    /// <summary>
    /// The body: text, bytes, a stream, XML, a content of .NET, or a dictionary, which is the query of a GET and a form
    /// otherwise. From the pipeline where the address is given by name.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    public object? Body { get; set; }

    /// <summary>The type of the body; its charset is what text is encoded in.</summary>
    [Parameter]
    public string? ContentType { get; set; }

    /// <summary>Fields sent as parts of a form, files by their content.</summary>
    [Parameter]
    public IDictionary? Form { get; set; }

    /// <summary>The file that is the body.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InFile { get; set; }

    /// <summary>The transfer coding of the body, which is sent in chunks.</summary>
    [Parameter]
    [ValidateSet("chunked", "compress", "deflate", "gzip", "identity", IgnoreCase = true)]
    public string? TransferEncoding { get; set; }

    /// <summary>
    /// The file for the body, or the folder for it. It takes its name when it is whole. With many addresses give a script
    /// block, in which $_ is the address, or a property of the input.
    /// </summary>
    [Parameter(ParameterSetName = ByAddress)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>The result as well as the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Goes on where the file ends.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>
    /// Gives the answer as a stream, to be read by Receive-AsyncTask while it still comes in: server-sent events, or lines.
    /// </summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

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

    /// <summary>Keeps the method at a redirection that makes a GET of it.</summary>
    [Parameter]
    public SwitchParameter PreserveHttpMethodOnRedirect { get; set; }

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

    /// <summary>Takes any status for a success.</summary>
    [Parameter]
    public SwitchParameter SkipHttpErrorCheck { get; set; }

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

    /// <summary>Tries POST, PATCH and custom methods again too, which a server may then carry out twice.</summary>
    [Parameter]
    public SwitchParameter RetryNonIdempotent { get; set; }
}
