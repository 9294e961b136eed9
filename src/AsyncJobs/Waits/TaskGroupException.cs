using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>
/// Something in a task group failed (asyncio's <c>ExceptionGroup</c>). <see cref="AggregateException.InnerExceptions"/>
/// has the failures of its tasks in the order in which they came, and that of its block last.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Without failures there is no such exception.")]
public sealed class TaskGroupException : AggregateException
{
    private readonly string _message;

    private TaskGroupException(string message, IReadOnlyList<ErrorRecord> records)
        : base(message, records.Select(record => record.Exception))
    {
        _message = message;
        ErrorRecords = records;
    }

    /// <summary>How many failed, and what each says.</summary>
    public override string Message => _message;

    /// <summary>The failures as PowerShell reports them, with their positions; in the order of the exceptions.</summary>
    public IReadOnlyList<ErrorRecord> ErrorRecords { get; }

    internal static TaskGroupException Of(AsyncTaskGroup group, GroupOutcome outcome)
    {
        var records = new List<ErrorRecord>();
        var lines = new List<string>();
        foreach (Future task in outcome.Failed)
        {
            records.Add(Errors.ErrorRecords.ForOutcome(task));
            lines.Add($"{task}: {task.Fault!.Exception.Message}");
        }

        if (outcome.BlockFault is { } fault)
        {
            records.Add(fault.Detail as ErrorRecord ?? Errors.ErrorRecords.ForException(fault.Exception, group));
            lines.Add($"its block: {fault.Exception.Message}");
        }

        string name = group.Name is null ? "The task group" : $"The task group '{group.Name}'";
        string list = string.Concat(lines.Select(line => $"{Environment.NewLine}- {line}"));
        return new TaskGroupException($"{name} ended with {(lines.Count == 1 ? "a failure" : $"{lines.Count} failures")}:{list}", records);
    }
}
