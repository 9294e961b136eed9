using System.Collections;
using System.Globalization;
using System.Net;
using System.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.PowerShell.Commands;
using WebRequest = AsyncJobs.Core.Web.WebRequest;

namespace AsyncJobs;

/// <content>How the parameters become requests.</content>
public abstract partial class WebCommand
{
    /// <summary>The id of the built-in cmdlets, which have a parameter set for each of two parameters.</summary>
    private protected const string AmbiguousParameterSet = nameof(AmbiguousParameterSet);

    // What .NET's own holds, 20 for a host, is soon too little for many tasks that share a session.
    private const int CookiesOfHost = 300;
    private const int CookiesOfAll = 3000;

    private bool _isVerbose;
    private bool _isDebug;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        foreach ((bool isSo, string id, string message) in Conflicts())
        {
            if (isSo)
            {
                ThrowConflict(id, message);
            }
        }

        _isVerbose = Tells("Verbose");
        _isDebug = Tells("Debug");
    }

    /// <summary>Starts and writes the task of one request.</summary>
    private protected void StartRequest(TaskWork work)
    {
        if (_isVerbose)
        {
            TellOfPause();
        }

        WriteStarted(StartIO(work, Uri, _isVerbose || _isDebug ? new TaskStreams() : null));
    }

    /// <summary>Sends one request and makes its result.</summary>
    private protected virtual Task<object?> SendAsync(
        WebRequest request, Func<WebReply, object?> makeResult, AsyncTask task, CancellationToken stop)
    {
        if (task.Streams is TaskStreams streams)
        {
            (request, makeResult) = Told(request, makeResult, streams);
        }

        return WebExchange.RunAsync(WebClientPool.Shared, request, makeResult, task, stop);
    }

    // By itself, since every request would pay for what it captures.
    private (WebRequest Request, Func<WebReply, object?> MakeResult) Told(
        WebRequest request, Func<WebReply, object?> makeResult, TaskStreams streams)
    {
        object? Make(WebReply reply)
        {
            TellOf(reply, streams);
            return makeResult(reply);
        }

        return (request with { OnWait = wait => streams.Add(new VerboseRecord(wait.ToString())) }, Make);
    }

    /// <summary>A path relative to where the script is now, not where it will be when the answer comes.</summary>
    private protected string FullPath(string path, string parameter)
    {
        string full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.Name == "FileSystem"
            ? full
            : throw new ArgumentException($"'{path}' is of the provider {provider.Name}; -{parameter} takes a file of the file system.");
    }

    /// <summary>Whether <see cref="FullPath"/> throws such an exception, of a path that leads to no file.</summary>
    private protected static bool IsOfPath(Exception exception) =>
        exception is ArgumentException or SessionStateException or ProviderInvocationException;

    /// <summary>Whether the command is given a body.</summary>
    private protected virtual bool HasBody => false;

    /// <summary>The request that all of the command have in common.</summary>
    private protected WebRequest MakeRequest(HttpMethod method)
    {
        WebRequestSession session = ReadSession();
        WebTimeouts timeouts = ReadTimeouts();
        bool isShared = WebSession is not null || SessionVariable is not null;
        bool isRetriedBySession = isShared && session.MaximumRetryCount > 0 && MaximumRetryCount == 0;
        return new WebRequest
        {
            Address = null,
            Method = method,
            Headers = ReadHeaders(session, hasContent: HasBody || (method != HttpMethod.Get && method != HttpMethod.Head)),
            Cookies = isShared ? Widened(session.Cookies) : null,
            Connection = new WebConnection
            {
                ConnectTimeout = timeouts.Connect,
                SkipsCertificateCheck = SkipCertificateCheck,
                Protocols = (SslProtocols)SslProtocol,
                Credentials = Keyed.Of(
                    session.Credentials ?? (session.UseDefaultCredentials ? CredentialCache.DefaultCredentials : null)),
                Certificates = Keyed.Of(session.Certificates),
                Proxy = Keyed.Of(session.Proxy),
                IsDirect = NoProxy,
                UnixSocket = UnixSocket?.ToString(),
                IsShortLived = !WebRequest.IsIdempotent(method),
            },
            HttpVersion = HttpVersion,
            ClosesConnection = DisableKeepAlive,
            RequiresEncryption = !AllowUnencryptedAuthentication
                && (Authentication != WebAuthenticationType.None || Credential is not null || UseDefaultCredentials),
            MaximumRedirection = session.MaximumRedirection < 0 ? WebRequest.DefaultRedirections : session.MaximumRedirection,
            AllowsInsecureRedirect = AllowInsecureRedirect,
            KeepsAuthorization = PreserveAuthorizationOnRedirect,
            StatusFailure = static failure => new HttpResponseException(failure.Message, failure.Response),
            Timeouts = timeouts,
            Retry = isRetriedBySession
                ? new RetryPolicy(session.MaximumRetryCount, TimeSpan.FromSeconds(session.RetryIntervalInSeconds), Backoff)
                : new RetryPolicy(MaximumRetryCount, TimeSpan.FromSeconds(RetryIntervalSec), Backoff),
        };
    }

    /// <summary>The session, with what the other parameters change of it, as the built-in cmdlets do.</summary>
    private WebRequestSession ReadSession()
    {
        WebRequestSession session = WebSession ?? new WebRequestSession();
        if (SessionVariable is not null)
        {
            SessionState.PSVariable.Set(SessionVariable, session);
        }

        if (Credential is not null && Authentication == WebAuthenticationType.None)
        {
            session.Credentials = Credential.GetNetworkCredential();
            session.UseDefaultCredentials = false;
        }
        else if (UseDefaultCredentials)
        {
            session.UseDefaultCredentials = true;
        }

        foreach (X509Certificate certificate in FindCertificates())
        {
            session.Certificates ??= new X509CertificateCollection();
            if (!session.Certificates.Contains(certificate))
            {
                session.Certificates.Add(certificate);
            }
        }

        if (NoProxy)
        {
            session.Proxy = null;
        }
        else if (Proxy is not null)
        {
            session.Proxy = new WebProxy(Proxy)
            {
                Credentials = ProxyCredential?.GetNetworkCredential()
                    ?? (ProxyUseDefaultCredentials ? CredentialCache.DefaultCredentials : null),
            };
        }

        if (MaximumRedirection >= 0)
        {
            session.MaximumRedirection = MaximumRedirection;
        }

        if (MaximumRetryCount > 0)
        {
            session.MaximumRetryCount = MaximumRetryCount;
            session.RetryIntervalInSeconds = (int)Math.Ceiling(RetryIntervalSec);
        }

        session.UserAgent = UserAgent ?? session.UserAgent;
        AddHeaders(session);
        return session;
    }

    private void AddHeaders(WebRequestSession session)
    {
        foreach (DictionaryEntry header in Headers ?? new Hashtable())
        {
            if (HeaderValues.TextOf(header.Value) is { } value)
            {
                session.Headers[LanguagePrimitives.ConvertTo<string>(header.Key)] = value;
            }
        }

        if (Authentication == WebAuthenticationType.Basic)
        {
            // The whole name, which a network credential would take a domain off.
            byte[] both = Encoding.UTF8.GetBytes($"{Credential!.UserName}:{PlainText(Credential.Password)}");
            session.Headers["Authorization"] = "Basic " + Convert.ToBase64String(both);
        }
        else if (Authentication != WebAuthenticationType.None)
        {
            session.Headers["Authorization"] = "Bearer " + PlainText(Token);
        }
    }

    private static string PlainText(SecureString? secret) => new NetworkCredential("", secret).Password;

    private List<KeyValuePair<string, string>> ReadHeaders(WebRequestSession session, bool hasContent)
    {
        List<KeyValuePair<string, string>> headers = [.. session.Headers];
        if (UserAgent is not null || !session.Headers.ContainsKey("User-Agent"))
        {
            headers.RemoveAll(header => Is(header, "User-Agent"));
            headers.Add(KeyValuePair.Create("User-Agent", session.UserAgent));
        }

        foreach ((string name, string value) in headers)
        {
            if (HeaderValues.Fault(name, value, !SkipHeaderValidation, hasContent) is { } fault)
            {
                // A value may be a secret. The id is that of the built-in cmdlets.
                var exception = new FormatException($"The header '{name}' cannot be sent: {fault}");
                ThrowTerminatingError(
                    new ErrorRecord(exception, typeof(FormatException).FullName, ErrorCategory.InvalidArgument, Headers));
            }
        }

        return headers;
    }

    /// <summary>Whether a header has a name.</summary>
    private protected static bool Is(KeyValuePair<string, string> header, string name) =>
        header.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether messages of a kind are wanted.</summary>
    private bool Tells(string kind) =>
        EffectivePreference.Of(this, kind, kind + "Preference") is "True" or "Continue" or "Inquire";

    private void TellOf(WebReply reply, TaskStreams streams)
    {
        if (_isVerbose)
        {
            streams.Add(new VerboseRecord(reply.ToString()));
        }

        if (_isDebug && !reply.Body.IsEmpty)
        {
            // In the form of Invoke-RestMethod, since nothing else of its result says how a text was read.
            reply.ContentType.Decode(reply.Body.Span, out Encoding encoding);
            streams.Add(new DebugRecord(string.Create(
                CultureInfo.InvariantCulture,
                $"WebResponse content encoding: {encoding.WebName} ({encoding.EncodingName}) CodePage: {encoding.CodePage}")));
        }
    }

    private void TellOfPause()
    {
        try
        {
            Uri uri = WebAddress.Parse(Uri);
            if (WebClientPool.Shared.Pauses.Left(uri) is { } left)
            {
                WriteVerbose($"{uri.Authority} has asked for quiet (status 429); the request waits {left.TotalSeconds:0.#} s.");
            }
        }
        catch (WebUriException)
        {
            // Fails its task.
        }
    }

    private List<X509Certificate> FindCertificates()
    {
        var found = new List<X509Certificate>();
        if (CertificateThumbprint is not null)
        {
            using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
            try
            {
                store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
                found.AddRange(store.Certificates.Find(X509FindType.FindByThumbprint, CertificateThumbprint, validOnly: false));
            }
            catch (CryptographicException)
            {
                // There is no such store.
            }

            if (found.Count == 0)
            {
                ThrowTerminatingError(new ErrorRecord(
                    new CryptographicException($"The user's store has no certificate with the thumbprint '{CertificateThumbprint}'."),
                    "WebCmdletCertificateException",
                    ErrorCategory.SecurityError,
                    CertificateThumbprint));
            }
        }

        if (Certificate is not null)
        {
            found.Add(Certificate);
        }

        return found;
    }

    private static CookieContainer Widened(CookieContainer cookies)
    {
        cookies.Capacity = Math.Max(cookies.Capacity, CookiesOfAll);
        cookies.PerDomainCapacity = Math.Max(cookies.PerDomainCapacity, CookiesOfHost);
        return cookies;
    }

    private WebTimeouts ReadTimeouts()
    {
        WebTimeouts limits = WebTimeouts.Default;
        if (MyInvocation.BoundParameters.ContainsKey(nameof(ConnectionTimeoutSeconds)))
        {
            TimeSpan headers = Limit(ConnectionTimeoutSeconds);
            limits = limits with
            {
                Headers = headers,
                Connect = headers == Timeout.InfiniteTimeSpan || headers < limits.Connect ? headers : limits.Connect,
            };
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(OperationTimeoutSeconds)))
        {
            limits = limits with { BodyIdle = Limit(OperationTimeoutSeconds) };
        }

        return limits with { Total = Limit(TimeoutSec) };
    }

    private static TimeSpan Limit(double seconds) => seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);

    /// <summary>What excludes each other, or needs something else: whether it is so, the error id, and the message.</summary>
    private protected virtual IEnumerable<(bool IsSo, string Id, string Message)> Conflicts()
    {
        bool isBasic = Authentication == WebAuthenticationType.Basic;
        bool isAuthenticated = Authentication != WebAuthenticationType.None;
        return
        [
            (WebSession is not null && SessionVariable is not null, "WebCmdletSessionConflictException",
                "-WebSession and -SessionVariable exclude each other."),
            (UseDefaultCredentials && isAuthenticated, "WebCmdletAuthenticationConflictException",
                "-UseDefaultCredentials and -Authentication exclude each other."),
            (isAuthenticated && Token is not null && Credential is not null, "WebCmdletAuthenticationTokenConflictException",
                "-Token and -Credential exclude each other."),
            (isBasic && Credential is null, "WebCmdletAuthenticationCredentialNotSuppliedException",
                "-Authentication Basic needs -Credential."),
            (isAuthenticated && !isBasic && Token is null, "WebCmdletAuthenticationTokenNotSuppliedException",
                $"-Authentication {Authentication} needs -Token."),
            (UseDefaultCredentials && Credential is not null, "WebCmdletCredentialConflictException",
                "-UseDefaultCredentials and -Credential exclude each other."),
            (ProxyUseDefaultCredentials && ProxyCredential is not null, "WebCmdletProxyCredentialConflictException",
                "-ProxyUseDefaultCredentials and -ProxyCredential exclude each other."),
            (Proxy is null && (ProxyUseDefaultCredentials || ProxyCredential is not null), "WebCmdletProxyUriNotSuppliedException",
                "-ProxyCredential and -ProxyUseDefaultCredentials need -Proxy."),
            (Proxy is not null && NoProxy, AmbiguousParameterSet, "-Proxy and -NoProxy exclude each other."),
        ];
    }

    /// <summary>Ends the command for what cannot be meant.</summary>
    private protected void ThrowConflict(string id, string message) =>
        ThrowTerminatingError(ErrorRecords.InvalidArgument(message, id, this));
}
