using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// Takes a statement's output into the coroutine's as it is written, so that an error later in the statement does not
/// lose it. Not exported: the engine calls it.
/// </summary>
[Cmdlet(VerbsData.Out, "AsyncCoroutine")]
public sealed class SinkCommand : PSCmdlet
{
    internal static readonly CmdletInfo Info = new("Out-AsyncCoroutine", typeof(SinkCommand));

    private CoroutineFrame? _frame;
    private List<object?>? _output;

    /// <summary>What was written.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>Finds the coroutine: by the time that objects come, others may have run.</summary>
    protected override void BeginProcessing()
    {
        _frame = AsyncSession.Current.CurrentFrame;
        _output = _frame?.Output;
    }

    /// <summary>Takes one object.</summary>
    protected override void ProcessRecord() => _output?.Add(InputObject);

    /// <summary>Says that no error has ended the pipeline.</summary>
    protected override void EndProcessing()
    {
        if (_frame is not null)
        {
            _frame.HasComeToEnd = true;
        }
    }
}
