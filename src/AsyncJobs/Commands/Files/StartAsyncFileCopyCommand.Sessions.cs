using System.Collections;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AsyncJobs;

/// <content>-ToSession and -FromSession: PowerShell copies, on a thread, one file after the other for each session.</content>
public sealed partial class StartAsyncFileCopyCommand
{
    private static readonly ScriptBlock Copying = SharedScriptBlock.Of(@"param($copy) Microsoft.PowerShell.Management\Copy-Item @copy");

    // A session runs one thing at a time.
    private static readonly ConditionalWeakTable<PSSession, AsyncSemaphore> Turns = [];

    /// <summary>A remote session to copy to: the destination is there.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSSession? ToSession { get; set; }

    /// <summary>A remote session to copy from: the paths are there.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSSession? FromSession { get; set; }

    /// <summary>Refuses what has no meaning.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        string? mistake = ToSession is not null && FromSession is not null ? "-ToSession and -FromSession exclude each other."
            : FromSession is not null && (Include ?? Exclude) is not null ? "-Include and -Exclude choose among files of this computer, and so not with -FromSession."
            : FromSession is not null && Filter is not null ? "-Filter chooses among files of this computer, and so not with -FromSession."
            : null;
        if (mistake is not null)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(mistake, ErrorIds.InvalidArgument, ToSession ?? FromSession));
        }
    }

    private void StartToSession(PSSession session)
    {
        foreach (FilePath file in Resolve(static _ => { }))
        {
            if (MayCopy(file.Path, Destination))
            {
                StartInSession(session, nameof(ToSession), file, nameof(LiteralPath), Destination);
            }
        }
    }

    private void StartFromSession(PSSession session)
    {
        FilePath destination = FilePath.Literal(SessionState, Destination);
        bool isLiteral = ParameterSetName == nameof(LiteralPath);
        foreach (string path in isLiteral ? LiteralPath : Path)
        {
            if (MayCopy(path, destination.Path))
            {
                FilePath source = destination.Error is not null ? destination : FilePath.Elsewhere(path);
                StartInSession(session, nameof(FromSession), source, isLiteral ? nameof(LiteralPath) : nameof(Path), destination.Path);
            }
        }
    }

    private bool MayCopy(string path, string destination) => ShouldProcess($"Item: {path} Destination: {destination}", "Copy Item");

    private void StartInSession(PSSession session, string direction, FilePath source, string naming, string destination)
    {
        if (source.Error is not null)
        {
            StartFor(source, static (_, _) => Task.FromResult<object?>(null));
            return;
        }

        var copy = new Hashtable
        {
            [naming] = source.Path,
            [nameof(Destination)] = destination,
            [direction] = session,
            [nameof(Recurse)] = Recurse,
            [nameof(Force)] = Force,
            [nameof(PassThru)] = PassThru,
            ["Confirm"] = false,
            ["ErrorAction"] = ActionPreference.Stop,
        };
        object?[] given = [copy];
        var starter = new BlockStarter(this, Session, block: null, given, initialization: null, () => new ScriptSource(this, Copying, given));
        TaskOptions options = Options with
        {
            Place = ThreadTaskPool.Of(Session).Places,
            Throttle = Turns.GetValue(session, static _ => new AsyncSemaphore(1)),
        };
        ThrowIfGroupIsClosed();
        WriteStarted(starter.PrepareThread(options, hasInput: true, source.Path)(this));
    }
}
