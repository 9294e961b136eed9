using System.Collections.Concurrent;
using WebRequest = AsyncJobs.Core.Web.WebRequest;

namespace AsyncJobs;

/// <summary>Start-AsyncDownload: fetches files, and goes on where an earlier attempt ended.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncDownload", DefaultParameterSetName = ByAddress)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncDownloadCommand : WebCommand
{
    private readonly ConcurrentDictionary<string, object> _taken = new(
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private readonly DownloadProgress _progress = new();
    private WebRequest? _request;

    /// <summary>
    /// The folder for the files, or the file; the current folder unless given. With many addresses give a script block, in
    /// which $_ is the address, or a property of the input.
    /// </summary>
    [Parameter(Position = 1, ParameterSetName = ByAddress)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>Names files in a folder as the server says, where it says so, in place of the end of the address.</summary>
    [Parameter]
    public SwitchParameter UseServerName { get; set; }

    /// <summary>The hash of the file in hexadecimal; its length tells the algorithm. A file with another is thrown away.</summary>
    [Parameter(ParameterSetName = ByAddress)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public string? Hash { get; set; }

    /// <summary>Fetches a file that is there already, whether it has changed or not.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _request = MakeRequest(HttpMethod.Get) with { IsRaw = true };
    }

    /// <summary>Starts one download.</summary>
    protected override void ProcessRecord()
    {
        TaskStreams streams = _progress.NewStreams();
        WriteStarted(StartIO(WorkFor(streams), Uri, streams));
    }

    private TaskWork WorkFor(TaskStreams streams)
    {
        WebRequest request;
        try
        {
            request = _request! with { Address = Uri, Download = MakeDownload(streams) };
        }
        catch (Exception exception) when (IsOfPath(exception))
        {
            // Of this task alone: the others have files of their own.
            _progress.End(streams);
            return (_, _) => Task.FromException<object?>(exception);
        }

        return async (task, stop) =>
        {
            try
            {
                return await SendAsync(request, static _ => TaskOutput.None, task, stop).ConfigureAwait(false);
            }
            finally
            {
                _progress.End(streams);
            }
        };
    }

    private WebDownload MakeDownload(TaskStreams streams)
    {
        string path = FullPath(Destination, nameof(Destination));
        if (Path.EndsInDirectorySeparator(Destination))
        {
            Directory.CreateDirectory(path);
        }

        FileDigest? digest = Hash is null ? null : FileDigest.Parse(Hash)
            ?? throw new ArgumentException($"'{Hash}' is no hash: it has the hexadecimal digits of MD5, SHA1, SHA256, SHA384 or SHA512.");
        long known = 0;
        long seen = 0;
        return new WebDownload(Uri, Path.TrimEndingDirectorySeparator(path), _taken)
        {
            UsesServerName = UseServerName,
            IsForced = Force,
            Digest = digest,
            OnProgress = (position, total) =>
            {
                _progress.Add(streams, position - seen, (total ?? known) - known);
                seen = position;
                known = total ?? known;
            },
        };
    }
}
