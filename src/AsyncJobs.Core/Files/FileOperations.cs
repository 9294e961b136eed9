namespace AsyncJobs.Core.Files;

/// <summary>
/// Runs whole file operations on the thread pool, a bounded number at a time in the process. Files have no
/// asynchronous interface that would pay: each read and write would be a hop of its own, so an operation is one hop.
/// </summary>
internal static class FileOperations
{
    // A file system that has stopped to answer holds its thread for good, but not who waits for it.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    /// <summary>Bounds the operations under way; whoever waits for a place holds no thread.</summary>
    private static readonly AsyncSemaphore Places = new(Math.Max(16, 4 * Environment.ProcessorCount));

    /// <summary>Runs an operation that blocks.</summary>
    /// <param name="operation">The work, which looks at its token between chunks.</param>
    /// <param name="cancellationToken">Ends the wait for a place, then the operation.</param>
    public static Task<object?> RunAsync(Func<CancellationToken, object?> operation, CancellationToken cancellationToken) =>
        RunAsync(operation, Grace, cancellationToken);

    /// <summary>As the other, with another grace.</summary>
    /// <param name="operation">The work, which looks at its token between chunks.</param>
    /// <param name="grace">How long a stopped operation is still waited for.</param>
    /// <param name="cancellationToken">Ends the wait for a place, then the operation.</param>
    internal static async Task<object?> RunAsync(
        Func<CancellationToken, object?> operation, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (!Places.TryEnter())
        {
            await Places.EnterAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            Task<object?> running = Task.Run(() => operation(cancellationToken), cancellationToken);
            try
            {
                return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopped: below, it gets a moment to clean up, and to say so if it was done after all.
            }

            return await running.WaitAsync(grace, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Places.Release();
        }
    }
}
