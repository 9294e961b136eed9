namespace AsyncJobs.Commands.Base;

/// <summary>Finds a session's tasks by what users call them.</summary>
internal static class TaskSelection
{
    /// <summary>The tasks of some numbers; one that is not known is an error that the cmdlet writes.</summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="sessions">Where to look.</param>
    /// <param name="ids">The numbers.</param>
    public static IEnumerable<AsyncTask> ById(Cmdlet cmdlet, IEnumerable<RunspaceLoop> sessions, int[] ids)
    {
        ILookup<int, AsyncTask> known = sessions.SelectMany(static session => session.Tasks.GetKnown()).ToLookup(static task => task.Id);
        foreach (int id in ids)
        {
            if (known[id].FirstOrDefault() is { } task)
            {
                yield return task;
            }
            else
            {
                WriteNotFound(
                    cmdlet, $"No task with the id {id} is known in this session. Tasks that ended are known only while something holds them.", id);
            }
        }
    }

    /// <summary>Whether a task has one of some names.</summary>
    /// <param name="names">The names; wildcards are allowed. Null for any.</param>
    public static Func<AsyncTask, bool> HasName(string[]? names)
    {
        WildcardPattern[]? patterns = names?.Select(static name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToArray();
        return task => patterns is null || patterns.Any(pattern => pattern.IsMatch(task.Name));
    }

    /// <summary>
    /// The known tasks of some names, each once, oldest first. A name without wildcards that no task has is an error that
    /// the cmdlet writes.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="session">Where to look.</param>
    /// <param name="names">The names; wildcards are allowed.</param>
    /// <param name="pendingOnly">Whether those that are done are left out.</param>
    public static IEnumerable<AsyncTask> ByName(Cmdlet cmdlet, RunspaceLoop session, string[] names, bool pendingOnly)
    {
        IReadOnlyList<AsyncTask> known = pendingOnly ? session.Tasks.GetPending() : session.Tasks.GetKnown();
        foreach (string name in names)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(name) && !known.Any(HasName([name])))
            {
                WriteNotFound(cmdlet, $"No task with the name '{name}' is known in this session, or it has ended.", name);
            }
        }

        return known.Where(HasName(names));
    }

    private static void WriteNotFound(Cmdlet cmdlet, string message, object sought) => cmdlet.WriteError(
        new ErrorRecord(new ItemNotFoundException(message), ErrorIds.TaskNotFound, ErrorCategory.ObjectNotFound, sought));
}
