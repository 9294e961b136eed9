namespace AsyncJobs.Core.Tests;

internal enum StressWorkerState
{
    Running,
    Waiting,
    Done,
}
