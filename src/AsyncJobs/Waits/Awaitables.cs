using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

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
            Task task => TaskAdapters.FromTask(session.Runner, task, options),
            AsyncTaskJob own => own.Task,
            Job job => JobTask.Start(session.Runner, job, options),
            not null when AsTask(bare) is { } task => TaskAdapters.FromTask(session.Runner, task, options),
            _ => null,
        };
        return future is not null;
    }

    /// <summary>A ValueTask's task; by its public AsTask, since its result type is not known here.</summary>
    private static Task? AsTask(object value)
    {
        Type type = value.GetType();
        bool isValueTask = type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return isValueTask ? (Task?)type.GetMethod(nameof(ValueTask.AsTask))!.Invoke(value, null) : null;
    }
}
