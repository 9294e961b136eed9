namespace AsyncJobs.Threads.Pool;

/// <summary>
/// The progress bars of one task, under numbers that no other task uses: scripts tend to number theirs 0 and 1, and
/// those of several tasks would write over each other.
/// </summary>
internal sealed class TaskProgress
{
    private static int s_lastActivityId = 1_000_000;

    private readonly Dictionary<int, int> _activityIds = [];
    private readonly Dictionary<int, ProgressRecord> _shown = [];

    /// <summary>The record as a waiter may write it.</summary>
    public ProgressRecord Translate(ProgressRecord record)
    {
        ProgressRecord translated = Renumber(record);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            _shown.Remove(record.ActivityId);
        }
        else
        {
            _shown[record.ActivityId] = translated;
        }

        return translated;
    }

    /// <summary>The records that clear the bars which a task left behind when it ended.</summary>
    public IEnumerable<ProgressRecord> TakeLeft()
    {
        foreach (ProgressRecord record in _shown.Values)
        {
            yield return new ProgressRecord(record.ActivityId, record.Activity, record.StatusDescription)
            {
                ParentActivityId = record.ParentActivityId,
                RecordType = ProgressRecordType.Completed,
            };
        }

        _shown.Clear();
    }

    private ProgressRecord Renumber(ProgressRecord record) => new(IdOf(record.ActivityId), record.Activity, record.StatusDescription ?? " ")
    {
        CurrentOperation = record.CurrentOperation,
        ParentActivityId = record.ParentActivityId < 0 ? -1 : IdOf(record.ParentActivityId),
        PercentComplete = record.PercentComplete,
        RecordType = record.RecordType,
        SecondsRemaining = record.SecondsRemaining,
    };

    private int IdOf(int activityId)
    {
        if (!_activityIds.TryGetValue(activityId, out int id))
        {
            id = Interlocked.Increment(ref s_lastActivityId);
            _activityIds[activityId] = id;
        }

        return id;
    }
}
