namespace AsyncJobs.Waits;

/// <summary>A coroutine's wait for tasks that have stream records: it is resumed for these too, and goes on waiting.</summary>
internal static class StreamedWait
{
    /// <param name="loop">The loop.</param>
    /// <param name="streams">Reads the records; disposed when the wait is over.</param>
    /// <param name="inner">The wait for the tasks.</param>
    public static WaitRequest Of(EventLoop loop, TaskStreamReader streams, WaitRequest inner)
    {
        bool isOver = false;
        return new WaitRequest
        {
            Until = new WaitFuture(loop, [inner.Until, streams.NextArrival()], ReturnWhen.FirstCompleted),
            For = inner.For,
            Limit = inner.Limit,
            WhenLate = inner.WhenLate,
            Ending = inner.Ending,
            Cancel = inner.Cancel,
            Undo = () =>
            {
                streams.Dispose();
                inner.Undo?.Invoke();
            },
            Otherwise = command =>
            {
                isOver = inner.Until.IsCompleted;
                try
                {
                    streams.WriteTo(command);
                }
                catch
                {
                    // -ErrorAction Stop, say.
                    streams.Dispose();
                    throw;
                }

                if (isOver)
                {
                    streams.Dispose();
                    inner.Finish(command);
                }
            },
            Next = command => isOver ? inner.Next?.Invoke(command) : Of(loop, streams, inner),
        };
    }
}
