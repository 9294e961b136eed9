using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Waits;

/// <summary>Turns whatever may be awaited into a future.</summary>
internal static class Awaitables
{
    /// <summary>Adapts one value.</summary>
    /// <param name="session">The session whose loop waits.</param>
    /// <param name="value">A future or task of ours, a .NET Task, Task of T, ValueTask or ValueTask of T, or a Job.</param>
    /// <param name="options">Name and origin of the task made, where one is made.</param>
    /// <param name="future">The future that ends as the value does.</param>
    public static bool TryAdapt(RunspaceLoop session, object? value, TaskOptions options, [NotNullWhen(true)] out Future? future)
    {
        object? bare = value.Unwrap();
        future = bare switch
        {
            Future own => own,
            AsyncTaskJob own => own.Task,
            Task or Job => AdapterOf(session, bare, options),
            not null when AsTask(bare) is { } task => TaskAdapters.FromTask(session.Runner, task, options),
            _ => null,
        };
        return future is not null;
    }

    /// <summary>
    /// The task that ends as a .NET task or job does: one for all that wait for it, since those who only look at it now and
    /// then would each leave one behind. Where it was stopped and its source goes on, or has a name of its own, another.
    /// </summary>
    private static AsyncTask AdapterOf(RunspaceLoop session, object source, TaskOptions options)
    {
        ConditionalWeakTable<object, AsyncTask> known = session.Part(static _ => new AdaptedSources()).Tasks;
        if (options.Name is null && known.TryGetValue(source, out AsyncTask? adapted) && !adapted.IsCancellationRequested)
        {
            return adapted;
        }

        AsyncTask made = source is Job job
            ? JobTask.Start(session.Runner, job, options)
            : TaskAdapters.FromTask(session.Runner, (Task)source, options);
        if (options.Name is null)
        {
            known.AddOrUpdate(source, made);
        }

        return made;
    }

    /// <summary>A ValueTask's task; by its public AsTask, since its result type is not known here.</summary>
    private static Task? AsTask(object value)
    {
        Type type = value.GetType();
        bool isValueTask = type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return isValueTask ? (Task?)type.GetMethod(nameof(ValueTask.AsTask))!.Invoke(value, null) : null;
    }

    /// <summary>A session's tasks for what is not of ours, as long as that lives.</summary>
    private sealed class AdaptedSources
    {
        public ConditionalWeakTable<object, AsyncTask> Tasks { get; } = [];
    }
}
