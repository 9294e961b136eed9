namespace AsyncJobs;

/// <summary>New-Future: a result to be set later (asyncio's <c>create_future</c>), or one that is there already.</summary>
[Cmdlet(VerbsCommon.New, "Future", DefaultParameterSetName = "Pending")]
[OutputType(typeof(Future))]
public sealed class NewFutureCommand : LoopCommand
{
    /// <summary>A name for people.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Has the future done already, with this result; what a mock of a Start- cmdlet returns.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Result")]
    [AllowNull]
    public object? Result { get; set; }

    /// <summary>Has the future failed already: an exception, an ErrorRecord, or a message.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Exception")]
    [ValidateNotNull]
    public object? Exception { get; set; }

    /// <summary>Writes the future.</summary>
    protected override void EndProcessing()
    {
        var future = new Future(Session.Loop, Name);
        Session.Tasks.NoteFailureOf(future);
        if (Exception is not null)
        {
            FutureFailure.Set(future, Exception);
        }
        else if (ParameterSetName == nameof(Result))
        {
            future.SetResult(Result);
        }

        WriteObject(future);
    }
}
