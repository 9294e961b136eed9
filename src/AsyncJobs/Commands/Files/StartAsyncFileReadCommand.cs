using System.Text;

namespace AsyncJobs;

/// <summary>Start-AsyncFileRead: a task for each file that gives its whole content, as <c>Get-Content -Raw</c> does.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncFileRead", DefaultParameterSetName = "Path")]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncFileReadCommand : FileCommand
{
    /// <summary>Gives one byte array instead of one string.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>How the text is encoded where the file has no byte order mark; UTF-8 unless given.</summary>
    [Parameter]
    [EncodingArgument]
    [ArgumentCompleter(typeof(EncodingNames.Completer))]
    [ValidateNotNull]
    public Encoding Encoding { get; set; } = EncodingNames.Default;

    /// <summary>Checks what goes together.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        WarnOfObsolete(Encoding);
    }

    /// <summary>Starts a task for each file.</summary>
    protected override void ProcessRecord()
    {
        foreach (FilePath file in Resolve(WriteNotFound))
        {
            string path = file.Path;
            StartFor(file, AsByteStream
                ? (_, stop) => FileReader.ReadBytesAsync(path, stop)
                : (_, stop) => FileReader.ReadTextAsync(path, Encoding, stop));
        }
    }
}
