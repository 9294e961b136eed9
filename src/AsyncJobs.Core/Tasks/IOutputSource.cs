namespace AsyncJobs.Core.Tasks;

/// <summary>What carries a task's work, where what the work writes can be read before it ends.</summary>
internal interface IOutputSource
{
    /// <summary>Hands what has been written so far to the task's readers, at once or soon; from any thread.</summary>
    void PublishOutput();
}
