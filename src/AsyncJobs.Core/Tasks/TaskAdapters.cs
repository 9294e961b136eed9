namespace AsyncJobs.Core.Tasks;

/// <summary>Makes tasks of ours out of what .NET calls asynchronous.</summary>
internal static class TaskAdapters
{
    /// <summary>
    /// A task that ends as a .NET task does. Stopping it stops the waiting, not the .NET task, which has no handle for
    /// that.
    /// </summary>
    /// <param name="runner">What starts the task.</param>
    /// <param name="source">The .NET task.</param>
    /// <param name="options">The task's name and origin.</param>
    public static AsyncTask FromTask(TaskRunner runner, Task source, TaskOptions options) =>
        runner.Start(
            AsyncTaskKind.IO,
            async (_, stop) =>
            {
                await source.WaitAsync(stop).ConfigureAwait(false);
                return ResultOf(source);
            },
            options);

    /// <summary>A task that ends when a wait handle is signalled, with no output.</summary>
    /// <param name="runner">What starts the task.</param>
    /// <param name="handle">The handle; the thread pool waits for it, many handles to a thread.</param>
    /// <param name="options">The task's name and origin.</param>
    public static AsyncTask FromWaitHandle(TaskRunner runner, WaitHandle handle, TaskOptions options) =>
        runner.Start(
            AsyncTaskKind.IO,
            async (_, stop) =>
            {
                var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                RegisteredWaitHandle wait = ThreadPool.UnsafeRegisterWaitForSingleObject(
                    handle, (_, _) => signalled.TrySetResult(), null, Timeout.Infinite, executeOnlyOnce: true);
                try
                {
                    await signalled.Task.WaitAsync(stop).ConfigureAwait(false);
                }
                finally
                {
                    wait.Unregister(null);
                }

                return TaskOutput.None;
            },
            options);

    /// <summary>The result of a finished .NET task, or nothing where its type has none.</summary>
    private static object? ResultOf(Task source)
    {
        // An async method without a result still returns a Task of an internal "void" type.
        Type? type = source.GetType();
        while (type is not null && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)))
        {
            type = type.BaseType;
        }

        return type is null || type.GetGenericArguments()[0].Name == "VoidTaskResult"
            ? TaskOutput.None
            : type.GetProperty(nameof(Task<object>.Result))!.GetValue(source);
    }
}
