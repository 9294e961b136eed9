namespace AsyncJobs;

/// <summary>Get-AsyncTask: the session's tasks (asyncio's <c>all_tasks</c>, <c>current_task</c>, and <c>pstree</c>).</summary>
[Cmdlet(VerbsCommon.Get, "AsyncTask", DefaultParameterSetName = ByName)]
[OutputType(typeof(AsyncTask), ParameterSetName = [ByName, ById, ThisOne])]
[OutputType(typeof(TaskTreeNode), ParameterSetName = [AsTree])]
public sealed class GetAsyncTaskCommand : LoopCommand
{
    private const string ByName = "Name";
    private const string ById = "Id";
    private const string ThisOne = "Current";
    private const string AsTree = "Tree";

    /// <summary>Tasks of these numbers; one that is not known is an error.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public int[] Id { get; set; } = [];

    /// <summary>Tasks of these names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Tasks in these states; without it those that are not done.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ById)]
    public AsyncState[]? State { get; set; }

    /// <summary>The task whose script this is; nothing in a script that is none.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ThisOne)]
    public SwitchParameter Current { get; set; }

    /// <summary>Draws who waits for whom, a line for each.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsTree)]
    public SwitchParameter Tree { get; set; }

    /// <summary>Looks into all sessions of the process, not this one alone.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ById)]
    [Parameter(ParameterSetName = AsTree)]
    public SwitchParameter AllSessions { get; set; }

    private IEnumerable<RunspaceLoop> Sessions => AllSessions ? RunspaceLoop.All.Select(pair => pair.Session) : [Session];

    /// <summary>Writes what was asked for, oldest first.</summary>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ById:
                WriteById();
                break;
            case ThisOne:
                WriteObject(Session.CurrentTask is { } current ? [current] : Array.Empty<AsyncTask>(), enumerateCollection: true);
                break;
            case AsTree:
                WriteTree();
                break;
            default:
                WriteByName();
                break;
        }
    }

    private void WriteById() => WriteObject(
        TaskSelection.ById(this, Sessions, Id).Where(task => State is null || State.Contains(task.State)), enumerateCollection: true);

    private void WriteByName()
    {
        Func<AsyncTask, bool> isWanted = TaskSelection.HasName(Name);
        foreach (RunspaceLoop session in Sessions)
        {
            IEnumerable<AsyncTask> tasks = State is null
                ? session.Tasks.GetPending()
                : session.Tasks.GetKnown().Where(task => State.Contains(task.State));
            WriteObject(tasks.Where(isWanted), enumerateCollection: true);
        }
    }

    private void WriteTree()
    {
        if (!AllSessions)
        {
            WriteObject(TaskTree.Draw(Session), enumerateCollection: true);
            return;
        }

        foreach ((System.Management.Automation.Runspaces.Runspace runspace, RunspaceLoop session) in RunspaceLoop.All)
        {
            if ((session.Wait is not null && !session.IsWorker) || session.Tasks.PendingCount > 0)
            {
                WriteObject(TaskTree.Draw(session, $"session of runspace {runspace.Id} '{runspace.Name}'"), enumerateCollection: true);
            }
        }
    }
}
