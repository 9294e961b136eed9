namespace AsyncJobs.Capture;

/// <summary>Finds out what a task's commands are where it is started, and keeps those that the task has to be given.</summary>
internal interface ICommandResolver
{
    /// <summary>The function that a name stands for, if it sees what the starter sees and so has to be followed; null for any other command.</summary>
    FunctionInfo? Resolve(string name);

    /// <summary>Keeps all that a task may call by names that nobody knows beforehand.</summary>
    /// <returns>The functions among them.</returns>
    IReadOnlyList<FunctionInfo> ResolveAll();
}
