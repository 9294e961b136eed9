using System.Net;
using System.Text;

namespace AsyncJobs.Core.Web;

/// <summary>
/// The way of one attempt through its redirections. They are followed here, not in the handler, which is shared: cookies
/// and limits are each request's own. Rules and order are those of Invoke-WebRequest.
/// </summary>
internal sealed class WebRoute(WebClientPool pool, WebRequest request, Uri start)
{
    // As often as .NET itself repeats a request that has no body.
    private const int MaximumRepeats = 3;

    private readonly Uri _start = start;
    private Uri _uri = start;
    private HttpMethod _method = request.Method;
    private CookieContainer? _cookies = request.Cookies;
    private bool _isRedirected;
    private bool _sendsBody = true;
    private bool _resumes = request.Resumes;
    private long _fileLength;
    private WebMessage? _message;

    /// <summary>Method and address of what was sent last, as a message shows them.</summary>
    public string Where => $"{_method} {WebAddress.Show(_uri)}";

    /// <summary>The address of that, for an exception.</summary>
    public Uri Bare => WebAddress.Bare(_uri);

    /// <summary>Whether a connection is being made for what was sent last.</summary>
    public bool IsConnecting => _message is { IsConnecting: true };

    /// <summary>Whether the server said that the file to be resumed has all there is.</summary>
    public bool HasAllOfFile { get; private set; }

    /// <summary>What is to be said of an answer that is no success; may be empty.</summary>
    public string Note { get; private set; } = "";

    /// <summary>
    /// Sends the request on, until an answer is no redirection; each again where the server had just closed the connection that
    /// had been kept for it.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(PhaseWatch watch)
    {
        int left = request.MaximumRedirection;
        int repeats = 0;
        while (true)
        {
            _message = Compose(watch);
            HttpResponseMessage answer;
            try
            {
                // There may be many such; the last time, none that was kept is used.
                WebConnection connection = repeats < MaximumRepeats ? ConnectionOf() : ConnectionOf() with { IsUsedOnce = true };
                answer = await pool.SendAsync(connection, _message, watch.Token).ConfigureAwait(false);
            }
            catch (HttpRequestException exception) when (
                repeats < MaximumRepeats && !_message.HasConnected && WebRequest.IsIdempotent(_method)
                && WebFailure.IsLostConnection(exception) && !watch.Token.IsCancellationRequested)
            {
                _message.Dispose();
                repeats++;
                continue;
            }

            repeats = 0;
            Uri? target = TargetOf(answer);
            KeepCookies(answer, isFollowed: target is not null && left > 0);
            if (target is not null && left-- > 0)
            {
                Follow(answer.StatusCode, target);
            }
            else if (!IsToBeSentWhole(answer) && request.Download?.IsToBeSentWhole(answer) != true)
            {
                Note = target is null ? "" : $": the limit of {request.MaximumRedirection} redirections has been reached.";
                return answer;
            }

            answer.Dispose();
            _message.Dispose();
            watch.Enter(WebPhase.Headers);
        }
    }

    /// <summary>The answer has been read.</summary>
    public void End() => _message?.Dispose();

    private WebMessage Compose(PhaseWatch watch)
    {
        var message = new WebMessage(_method, _uri) { Watch = watch };
        if (request.HttpVersion is { } version)
        {
            message.Version = version;
        }

        if (_sendsBody && request.CreateContent is { } createContent)
        {
            HttpContent content = createContent();
            message.Content = content is ByteArrayContent && !request.KeepsContent
                ? content
                : new SentContent(content, watch, isOwned: !request.KeepsContent);
            if (request.TransferEncoding is { } coding)
            {
                message.Headers.TransferEncodingChunked = true;
                if (coding.Length > 0)
                {
                    message.Headers.TransferEncoding.TryParseAdd(coding);
                }
            }
        }

        foreach ((string name, string value) in request.Headers)
        {
            if (DropsAuthorization && name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // What is no header of a request is one of its content, which only exists where there is a body.
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.Remove(name);
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (_cookies?.GetCookieHeader(_uri) is { Length: > 0 } cookies)
        {
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        if (!request.IsRaw && !message.Headers.NonValidated.Contains("Accept-Encoding"))
        {
            message.Headers.TryAddWithoutValidation("Accept-Encoding", DecodedContent.Codings);
        }

        if (request.ClosesConnection)
        {
            message.Headers.ConnectionClose = true;
        }

        request.Download?.Prepare(message);
        if (_resumes)
        {
            var file = new FileInfo(request.OutFile!);
            _fileLength = file.Exists ? file.Length : 0;
            message.Headers.TryAddWithoutValidation("Range", FormattableString.Invariant($"bytes={_fileLength}-"));
        }

        return message;
    }

    // Neither leaves for another place, nor goes unencrypted, unless asked.
    private bool DropsAuthorization =>
        _isRedirected && (!request.KeepsAuthorization || (request.RequiresEncryption && _uri.Scheme != Uri.UriSchemeHttps));

    // A cache of credentials knows itself which place each is for; others are for the one that was asked, whatever headers
    // are kept.
    private WebConnection ConnectionOf() =>
        request.Connection.Credentials is { Value: not CredentialCache } && (DropsAuthorization || !WebAddress.IsSamePlace(_start, _uri))
        ? request.Connection with { Credentials = null }
        : request.Connection;

    private Uri? TargetOf(HttpResponseMessage answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.MultipleChoices or HttpStatusCode.Moved or HttpStatusCode.Found
                or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || !answer.Headers.NonValidated.TryGetValues("Location", out var values))
        {
            return null;
        }

        // One that is not escaped has been read as UTF-8 by now; one without a word leads nowhere.
        string location = values.First().Trim();
        return location.Length > 0 && Uri.TryCreate(_uri, location, out Uri? target) ? target : null;
    }

    private void Follow(HttpStatusCode status, Uri target)
    {
        if (!WebAddress.IsWeb(target))
        {
            throw new WebRequestException(
                HttpRequestError.InvalidResponse,
                WebRequestException.ResponseInvalid,
                $"{Where}: redirected to '{WebAddress.Show(target)}', which is no web address.")
            {
                Uri = Bare,
            };
        }

        if (_uri.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp && !request.AllowsInsecureRedirect)
        {
            throw new WebRequestException(
                HttpRequestError.InvalidResponse,
                WebRequestException.InsecureRedirection,
                $"{Where}: redirected from https to '{WebAddress.Show(target)}'. "
                    + "Insecure redirections are followed with -AllowInsecureRedirect.")
            {
                Uri = Bare,
            };
        }

        bool becomesGet = status switch
        {
            HttpStatusCode.MultipleChoices or HttpStatusCode.Moved or HttpStatusCode.Found => _method == HttpMethod.Post,
            HttpStatusCode.SeeOther => _method != HttpMethod.Get && _method != HttpMethod.Head,
            _ => false,
        };
        if (becomesGet && !request.KeepsMethod)
        {
            _method = HttpMethod.Get;
            _sendsBody = false;
        }

        _uri = target;
        _isRedirected = true;
    }

    private void KeepCookies(HttpResponseMessage answer, bool isFollowed)
    {
        if ((_cookies is null && !isFollowed) || !answer.Headers.NonValidated.TryGetValues("Set-Cookie", out var values))
        {
            return;
        }

        _cookies ??= new CookieContainer();
        foreach (string value in values)
        {
            try
            {
                _cookies.SetCookies(_uri, value);
            }
            catch (CookieException)
            {
                // One that this host may not set, or that cannot be read: not kept, as anywhere.
            }
        }
    }

    /// <summary>Looks whether the file to be resumed has nothing more to get, or does not fit what the server has.</summary>
    private bool IsToBeSentWhole(HttpResponseMessage answer)
    {
        if (!_resumes || answer.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable
            || answer.Content.Headers.ContentRange is not { Length: { } length })
        {
            return false;
        }

        HasAllOfFile = length == _fileLength;
        _resumes = HasAllOfFile;
        return !HasAllOfFile;
    }
}
