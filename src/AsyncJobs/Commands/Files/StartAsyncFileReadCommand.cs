using System.Text;

namespace AsyncJobs;

/// <summary>
/// Start-AsyncFileRead: a task for each file that gives its content, whole as <c>Get-Content -Raw</c> does, or by line.
/// </summary>
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

    /// <summary>Gives the whole content at once, as is done without any parameter that asks for lines.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Gives lines: with 1 each, with more that many as an array, with 0 all as one.</summary>
    [Parameter]
    [ValidateRange(0L, long.MaxValue)]
    public long ReadCount { get; set; } = 1;

    /// <summary>Gives so many lines, or bytes, from the start.</summary>
    [Parameter]
    [Alias("First", "Head")]
    [ValidateRange(0L, long.MaxValue)]
    public long TotalCount { get; set; } = long.MaxValue;

    /// <summary>Gives so many lines, or bytes, from the end.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; }

    /// <summary>What ends a line, instead of a line end.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Delimiter { get; set; }

    /// <summary>Gives a stream of lines, to be read by Receive-AsyncTask while more are added to the file.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private bool IsInParts => Wait || new[] { nameof(ReadCount), nameof(TotalCount), nameof(Tail), nameof(Delimiter) }.Any(IsGiven);

    private FilePart Part => new()
    {
        Encoding = AsByteStream ? null : Encoding,
        Delimiter = Delimiter is "\n" ? null : Delimiter,
        First = TotalCount,
        Last = IsGiven(nameof(Tail)) ? Tail : null,
        Count = ReadCount,
    };

    /// <summary>Checks what goes together.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        WarnOfObsolete(Encoding);
        string[] parts = [nameof(TotalCount), nameof(Tail), nameof(Delimiter), nameof(Wait)];
        ThrowIfGiven(Raw, nameof(Raw), parts);
        ThrowIfGiven(AsByteStream, nameof(AsByteStream), nameof(Delimiter));
        ThrowIfGiven(IsGiven(nameof(Tail)), nameof(Tail), nameof(TotalCount));
    }

    /// <summary>Starts a task for each file.</summary>
    protected override void ProcessRecord()
    {
        FilePart? part = IsInParts && !Raw ? Part : null;
        foreach (FilePath file in Resolve(WriteNotFound))
        {
            string path = file.Path;
            StartFor(file, Wait ? (_, stop) => FileOperations.RunAsync(token => new FileFollower(path, part!, token), stop)
                : part is not null ? (_, stop) => FileReader.ReadPartAsync(path, part, stop)
                : AsByteStream ? (_, stop) => FileReader.ReadBytesAsync(path, stop)
                : (_, stop) => FileReader.ReadTextAsync(path, Encoding, stop));
        }
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private void ThrowIfGiven(bool isGiven, string parameter, params string[] others)
    {
        if (isGiven && Array.Find(others, IsGiven) is { } other)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"-{parameter} and -{other} exclude each other.", ErrorIds.InvalidArgument, target: null));
        }
    }
}
