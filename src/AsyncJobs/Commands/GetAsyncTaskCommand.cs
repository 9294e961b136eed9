using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Get-AsyncTask: the session's tasks (asyncio's <c>all_tasks</c>).</summary>
[Cmdlet(VerbsCommon.Get, "AsyncTask", DefaultParameterSetName = "Name")]
[OutputType(typeof(AsyncTask))]
public sealed class GetAsyncTaskCommand : LoopCommand
{
    /// <summary>Tasks of these numbers; one that is not known is an error.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Id")]
    public int[] Id { get; set; } = [];

    /// <summary>Tasks of these names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name")]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Tasks in these states; without it those that are not done.</summary>
    [Parameter]
    public AsyncState[]? State { get; set; }

    /// <summary>Writes the tasks asked for, oldest first.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Id")
        {
            WriteById();
        }
        else
        {
            WriteByName();
        }
    }

    private void WriteById()
    {
        ILookup<int, AsyncTask> known = Session.Tasks.GetKnown().ToLookup(task => task.Id);
        foreach (int id in Id)
        {
            if (known[id].FirstOrDefault() is not { } task)
            {
                WriteError(new ErrorRecord(
                    new ItemNotFoundException($"No task with the id {id} is known in this session. Tasks that ended are known only while something holds them."),
                    ErrorIds.TaskNotFound,
                    ErrorCategory.ObjectNotFound,
                    id));
            }
            else if (State is null || State.Contains(task.State))
            {
                WriteObject(task);
            }
        }
    }

    private void WriteByName()
    {
        WildcardPattern[]? patterns = Name?.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToArray();
        IEnumerable<AsyncTask> tasks = State is null ? Session.Tasks.GetPending() : Session.Tasks.GetKnown().Where(task => State.Contains(task.State));
        WriteObject(
            tasks.Where(task => patterns is null || patterns.Any(pattern => pattern.IsMatch(task.Name))),
            enumerateCollection: true);
    }
}
