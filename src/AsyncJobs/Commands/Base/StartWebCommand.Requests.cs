using Microsoft.PowerShell.Commands;
using WebRequest = AsyncJobs.Core.Web.WebRequest;

namespace AsyncJobs;

/// <content>How the parameters become requests.</content>
public abstract partial class StartWebCommand
{
    private WebRequest? _request;
    private TaskWork? _work;
    private bool _takesBodies;
    private bool _isBodyTaken;
    private IDisposable? _ownBody;

    /// <summary>Reads the parameters that all requests share, once.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();

        // With the address in the pipeline the body binds to it, too; only with the address at hand the pipeline has bodies.
        _takesBodies = MyInvocation.BoundParameters.ContainsKey(nameof(Uri)) && !MyInvocation.BoundParameters.ContainsKey(nameof(Body));
        HttpMethod method = CustomMethod is not null ? new HttpMethod(CustomMethod.ToUpperInvariant())
            : Method == WebRequestMethod.Default ? HttpMethod.Get
            : HttpMethod.Parse(Method.ToString().ToUpperInvariant());
        _request = MakeRequest(method) with
        {
            TransferEncoding = TransferEncoding is "chunked" ? "" : TransferEncoding,
            KeepsMethod = PreserveHttpMethodOnRedirect,
            RetriesNonIdempotent = RetryNonIdempotent,
            AcceptsAnyStatus = SkipHttpErrorCheck,
            KeepsBody = PassThru,
            ConvertLine = Stream ? ConvertLine : null,
        };
        if (!_takesBodies)
        {
            _request = WithBody(_request, Body);
        }

        // One delegate and one request for all tasks: the address is the task's input.
        (WebRequest shared, Func<WebReply, object?> makeResult) = (_request, MakeResult);
        _work = (task, stop) => SendAsync(shared, makeResult, task, stop);
    }

    /// <summary>Starts one request. All that can wait is done on the thread pool: this thread has more to start.</summary>
    protected override void ProcessRecord()
    {
        if (OutFile is null && (PassThru || Resume))
        {
            ThrowConflict("WebCmdletOutFileMissingException", "-PassThru and -Resume need -OutFile.");
        }

        TaskWork work = _work!;
        if (_takesBodies || OutFile is not null)
        {
            WebRequest request = (_takesBodies ? WithBody(_request!, Body) : _request!) with { Address = Uri };
            work = OutFile is not null ? SendToFile(request) : (task, stop) => SendAsync(request, MakeResult, task, stop);
        }

        ShareBody();
        StartRequest(work);
    }

    /// <summary>Makes the element of a stream of a line of JSON; on a pool thread.</summary>
    private protected virtual object? ConvertLine(string line) => line;

    /// <summary>Makes the task's result of an answer; on a pool thread.</summary>
    private protected abstract object? MakeResult(WebReply reply);

    /// <inheritdoc/>
    private protected override bool HasBody => Body is not null || InFile is not null || Form is not null;

    private TaskWork SendToFile(WebRequest request)
    {
        string path;
        try
        {
            path = FullPath(OutFile!, nameof(OutFile));
            if (Resume && Directory.Exists(path))
            {
                throw FileIsDirectoryException.For(path, "WebCmdletResumeNotFilePathException");
            }
        }
        catch (Exception exception) when (IsOfPath(exception) || exception is FileIsDirectoryException)
        {
            // Of this task alone: the others have files of their own.
            return (_, _) => Task.FromException<object?>(exception);
        }

        request = request with { OutFile = path, Resumes = Resume };
        Func<WebReply, object?> makeResult = PassThru ? MakeResult : static _ => TaskOutput.None;
        return (task, stop) => SendAsync(request, makeResult, task, stop);
    }

    private WebRequest WithBody(WebRequest request, object? given)
    {
        string? own = ContentType is "" && given is null && InFile is null ? null : ContentType;
        string? type = own ?? request.Headers.Where(header => Is(header, "Content-Type")).Select(header => header.Value).FirstOrDefault();
        if (type is not null && !SkipHeaderValidation && !WebContentType.Of(type).IsReadable)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"'{type}' is no content type, or names a charset that is not known.", "WebCmdletContentTypeException", type));
        }

        RequestBody body = Form is not null ? RequestBody.OfForm(Form)
            : InFile is not null ? RequestBody.OfFile(FindInFile(), type, request.Method)
            : RequestBody.Of(given, type, request.Method, ContentType is not null);
        IReadOnlyList<KeyValuePair<string, string>> headers = request.Headers;
        if (body.IsMultipart || own is not null)
        {
            string known = body.IsMultipart ? "Content-" : "Content-Type";
            headers = [.. headers.Where(header => !header.Key.StartsWith(known, StringComparison.OrdinalIgnoreCase))];
        }

        if (body.Length is { } length && headers.FirstOrDefault(header => Is(header, "Content-Length")).Value is { } promised
            && promised.Trim() != length.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"The header Content-Length says {promised}, but the body has {length} bytes.", ErrorIds.InvalidArgument, Headers));
        }

        _ownBody = body.Own;
        return request with
        {
            Headers = headers,
            Query = body.Query,
            CreateContent = body.CreateContent,
            KeepsContent = body.Own is not null,
            WhenDone = body.Own is null ? null : body.Own.Dispose,
        };
    }

    /// <summary>A stream or content can be the body of one request; another would get what is left of it.</summary>
    private void ShareBody()
    {
        if (_ownBody is not null && _isBodyTaken && !_takesBodies)
        {
            ThrowConflict(
                ErrorIds.InvalidArgument,
                "A stream or an HttpContent can be the body of one request only; give bytes, or -InFile.");
        }

        _isBodyTaken = true;
    }

    private string FindInFile()
    {
        string path = "";
        try
        {
            path = FullPath(InFile!, nameof(InFile));
        }
        catch (Exception exception) when (IsOfPath(exception))
        {
            ThrowTerminatingError(ErrorRecords.ForException(exception, InFile));
        }

        if (!File.Exists(path))
        {
            (string id, Exception exception) = Directory.Exists(path)
                ? ("WebCmdletInFileNotFilePathException", FileIsDirectoryException.For(path))
                : ("PathNotFound", new FileNotFoundException($"There is no file '{InFile}'.", path) as Exception);
            ThrowTerminatingError(new ErrorRecord(exception, id, ErrorCategory.InvalidArgument, InFile));
        }

        return path;
    }

    private protected override IEnumerable<(bool IsSo, string Id, string Message)> Conflicts() => base.Conflicts().Concat(
        [
            (Body is not null && InFile is not null, "WebCmdletBodyConflictException", "-Body and -InFile exclude each other."),
            (Body is not null && Form is not null, "WebCmdletBodyFormConflictException", "-Body and -Form exclude each other."),
            (InFile is not null && Form is not null, "WebCmdletFormInFileConflictException", "-InFile and -Form exclude each other."),
            (Stream && MyInvocation.BoundParameters.ContainsKey(nameof(OutFile)), ErrorIds.InvalidArgument,
                "-Stream and -OutFile exclude each other."),
            (CustomMethod is not null && MyInvocation.BoundParameters.ContainsKey(nameof(Method)), AmbiguousParameterSet,
                "-Method and -CustomMethod exclude each other."),
        ]);
}
