namespace AsyncJobs.Commands.Base;

/// <summary>What script gives a future as its failure.</summary>
internal static class FutureFailure
{
    /// <summary>Fails a future.</summary>
    /// <param name="future">The future.</param>
    /// <param name="failure">An exception, an ErrorRecord, or a message.</param>
    /// <exception cref="InvalidStateException">The future is done already.</exception>
    public static void Set(Future future, object failure)
    {
        switch (failure.Unwrap())
        {
            case ErrorRecord record:
                future.SetException(record.Exception, record);
                break;
            case Exception exception:
                future.SetException(exception);
                break;
            default:
                future.SetException(new RuntimeException(failure.ToString()));
                break;
        }
    }
}
