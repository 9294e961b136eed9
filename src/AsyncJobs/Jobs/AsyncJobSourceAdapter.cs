using System.Collections.Concurrent;

namespace AsyncJobs;

/// <summary>
/// Where PowerShell looks for the jobs of this module. It makes one of these for each session that imports the module,
/// because the type is public and has this base.
/// </summary>
public sealed class AsyncJobSourceAdapter : JobSourceAdapter
{
    private const string JobParameter = "Job";

    private readonly ConcurrentDictionary<Guid, AsyncJob> _jobs = new();

    // Jobs that were removed before all who listen had been told of their end.
    private readonly ConcurrentDictionary<Guid, AsyncJob> _removedWhileEnding = new();

    /// <summary>Called by PowerShell.</summary>
    public AsyncJobSourceAdapter() => Name = nameof(AsyncJobSourceAdapter);

    /// <summary>Lets the job cmdlets of a session find a job.</summary>
    /// <param name="cmdlet">A cmdlet of that session.</param>
    /// <param name="job">The job.</param>
    internal static void Register(PSCmdlet cmdlet, AsyncJob job)
    {
        if (cmdlet.JobManager.IsRegistered(nameof(AsyncJobSourceAdapter)))
        {
            var definition = new JobDefinition(typeof(AsyncJobSourceAdapter), job.Command, job.Name);
            cmdlet.JobManager.NewJob(new JobInvocationInfo(definition, new Dictionary<string, object> { [JobParameter] = job }));
        }
        else
        {
            // A session that has the cmdlets without an import: that of a thread task.
            cmdlet.JobRepository.Add(job);
        }
    }

    /// <summary>Takes in the job that the specification carries.</summary>
    /// <param name="specification">Made by Start-AsyncTask alone.</param>
    /// <exception cref="NotSupportedException">It carries none.</exception>
    public override Job2 NewJob(JobInvocationInfo specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        AsyncJob job = specification.Parameters
            .SelectMany(static set => set)
            .FirstOrDefault(static parameter => parameter.Name == JobParameter)?.Value as AsyncJob
            ?? throw new NotSupportedException("Start-AsyncTask -AsJob makes the jobs of this module.");
        _jobs[job.InstanceId] = job;
        return job;
    }

    /// <inheritdoc/>
    public override IList<Job2> GetJobs() => Find(_ => true, recurse: false);

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByName(string name, bool recurse)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return Find(job => pattern.IsMatch(job.Name), recurse);
    }

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByCommand(string command, bool recurse)
    {
        var pattern = new WildcardPattern(command, WildcardOptions.IgnoreCase);
        return Find(job => pattern.IsMatch(job.Command), recurse);
    }

    /// <summary>Finds a job by its instance id.</summary>
    /// <param name="instanceId">The id.</param>
    /// <param name="recurse">Whether children count.</param>
    /// <remarks>
    /// Receive-Job -Wait -AutoRemoveJob removes a job that ends while it writes what is there already, and removes it once
    /// more when it is told of that end. That would be an error, so the handler, and nobody else, still finds the job.
    /// </remarks>
    public override Job2? GetJobByInstanceId(Guid instanceId, bool recurse) =>
        Find(job => job.InstanceId == instanceId, recurse).FirstOrDefault()
        ?? (_removedWhileEnding.TryGetValue(instanceId, out AsyncJob? removed) && removed.IsCalledFromEndHandler ? removed : null);

    /// <inheritdoc/>
    public override Job2? GetJobBySessionId(int id, bool recurse) => Find(job => job.Id == id, recurse).FirstOrDefault();

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByState(JobState state, bool recurse) => Find(job => job.JobStateInfo.State == state, recurse);

    /// <summary>Finds by the properties that Get-Job -Filter may name.</summary>
    /// <param name="filter">Id, InstanceId, Name, Command or State, and the value.</param>
    /// <param name="recurse">Whether children count.</param>
    public override IList<Job2> GetJobsByFilter(Dictionary<string, object> filter, bool recurse)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Find(job => filter.All(entry => Matches(job, entry.Key, entry.Value.Unwrap()?.ToString() ?? "")), recurse);
    }

    /// <summary>Stops a job and forgets it.</summary>
    /// <param name="job">The job.</param>
    public override void RemoveJob(Job2 job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (_jobs.TryRemove(job.InstanceId, out AsyncJob? removed))
        {
            removed.StopJob();
            if (!removed.Ended.IsCompleted)
            {
                _removedWhileEnding[removed.InstanceId] = removed;
                removed.Ended.ContinueWith(_ => _removedWhileEnding.TryRemove(removed.InstanceId, out AsyncJob? _), TaskScheduler.Default);
            }
        }
    }

    private static bool Matches(AsyncJob job, string property, string value) => property.ToUpperInvariant() switch
    {
        "ID" => job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == value,
        "INSTANCEID" => job.InstanceId.ToString() == value,
        "NAME" => new WildcardPattern(value, WildcardOptions.IgnoreCase).IsMatch(job.Name),
        "COMMAND" => new WildcardPattern(value, WildcardOptions.IgnoreCase).IsMatch(job.Command),
        "STATE" => string.Equals(job.JobStateInfo.State.ToString(), value, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private List<Job2> Find(Func<AsyncJob, bool> isMatch, bool recurse)
    {
        IEnumerable<AsyncJob> all = _jobs.Values;
        if (recurse)
        {
            all = all.SelectMany(job => job.ChildJobs.Cast<AsyncJob>().Prepend(job));
        }

        return [.. all.Where(isMatch).OrderBy(job => job.Id)];
    }
}
