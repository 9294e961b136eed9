using Microsoft.PowerShell.Commands;

namespace AsyncJobs.Errors;

/// <summary>The one place where failures become ErrorRecords.</summary>
internal static class ErrorRecords
{
    // What Get-Help finds the error id in; Get-Error shows it.
    private const string HelpTopic = "about_AsyncJobs_Errors";

    /// <summary>The record of a future that failed or was cancelled.</summary>
    public static ErrorRecord ForOutcome(Future future)
    {
        Fault fault = future.Fault ?? throw new InvalidOperationException($"{future} has not failed.");

        var task = future as AsyncTask;
        ErrorRecord record = fault.Detail as ErrorRecord ?? ForException(fault.Exception, task?.InputObject ?? future);
        if (task is not null)
        {
            record.CategoryInfo.TargetName = task.Name;
        }

        return record;
    }

    /// <summary>
    /// The record that an exception of PowerShell's has, with that exception in it: what is in it may be a stand-in, which
    /// no typed catch would catch, and by which $Error would not know that it has the error. Null if it has none.
    /// </summary>
    public static ErrorRecord? Of(Exception exception) =>
        exception is IContainsErrorRecord { ErrorRecord: { } bare } ? new ErrorRecord(bare, exception) : null;

    /// <summary>A record for an exception, with an id and category by its type.</summary>
    public static ErrorRecord ForException(Exception exception, object? target)
    {
        if (exception is IContainsErrorRecord { ErrorRecord: { } known })
        {
            return known;
        }

        if (exception is IHasErrorId or InvalidStateException)
        {
            exception.HelpLink ??= HelpTopic;
        }

        (string id, ErrorCategory category) = Classify(exception);
        var record = new ErrorRecord(exception, id, category, target);

        // Where the built-in web cmdlets have some: the body of the answer, or the cause, which our message tells.
        string? details = exception switch
        {
            HttpResponseException { Response.Content: WebBodyContent body } => body.Describe(),
            WebRequestException { InnerException: not null } => exception.Message,
            _ => null,
        };
        if (!string.IsNullOrEmpty(details))
        {
            record.ErrorDetails = new ErrorDetails(details);
        }

        return record;
    }

    public static ErrorRecord NotAwaitable(object? value)
    {
        string type = value?.GetType().FullName ?? "null";
        return new ErrorRecord(
            new ArgumentException(
                $"A value of type {type} cannot be awaited. Give a task of a Start-Async cmdlet, a future, a .NET Task or a Job; "
                + "ConvertTo-AsyncTask makes tasks of wait handles and processes.")
            {
                HelpLink = HelpTopic,
            },
            ErrorIds.NotAwaitable,
            ErrorCategory.InvalidArgument,
            value);
    }

    public static ErrorRecord InvalidArgument(string message, string id, object? target) =>
        new(new ArgumentException(message) { HelpLink = HelpTopic }, id, ErrorCategory.InvalidArgument, target);

    public static ErrorRecord FileNotFound(string path) => new(
        new FileNotFoundException($"No file matches '{path}'.", path) { HelpLink = HelpTopic },
        ErrorIds.FileNotFound,
        ErrorCategory.ObjectNotFound,
        path);

    public static ErrorRecord FileProviderNotSupported(string path, string provider) => new(
        new NotSupportedException(
            $"'{path}' is a path of the {provider} provider; only files can be read, written and copied. "
            + "Get-Content and Set-Content know other providers.")
        {
            HelpLink = HelpTopic,
        },
        ErrorIds.FileProviderNotSupported,
        ErrorCategory.InvalidArgument,
        path);

    private static (string Id, ErrorCategory Category) Classify(Exception exception) => exception switch
    {
        IHasErrorId coded => (coded.ErrorId, CategoryOf(exception)),
        HttpResponseException => (WebRequestException.ResponseFailed, ErrorCategory.InvalidOperation),
        TimeoutException => (ErrorIds.AsyncTimeout, ErrorCategory.OperationTimeout),
        OperationCanceledException => (ErrorIds.AsyncCanceled, ErrorCategory.OperationStopped),
        InvalidStateException => (ErrorIds.InvalidState, ErrorCategory.InvalidOperation),
        SemaphoreFullException => (ErrorIds.SemaphoreFull, ErrorCategory.LimitsExceeded),
        SynchronizationLockException => (ErrorIds.LockNotHeld, ErrorCategory.InvalidOperation),
        FileNotFoundException or DirectoryNotFoundException or System.Management.Automation.DriveNotFoundException =>
            (ErrorIds.FileNotFound, ErrorCategory.ObjectNotFound),
        UnauthorizedAccessException => (ErrorIds.FileAccessDenied, ErrorCategory.PermissionDenied),
        IOException io when IsDiskFull(io) => (ErrorIds.FileDiskFull, ErrorCategory.ResourceUnavailable),
        IOException => (ErrorIds.FileError, ErrorCategory.WriteError),
        ArgumentException => (ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument),
        _ => (ErrorIds.TaskFailed, ErrorCategory.NotSpecified),
    };

    private static ErrorCategory CategoryOf(Exception exception) => exception switch
    {
        TimeoutException => ErrorCategory.OperationTimeout,
        WebRequestException { ErrorId: WebRequestException.ResponseFailed or WebRequestException.InsecureRedirection } =>
            ErrorCategory.InvalidOperation,
        WebRequestException { ErrorId: WebRequestException.RequestInvalid or WebRequestException.EncryptionRequired } =>
            ErrorCategory.InvalidArgument,
        WebRequestException => ErrorCategory.ConnectionError,
        UriFormatException or ArgumentException => ErrorCategory.InvalidArgument,
        DbProviderException { ErrorId: DbProviderException.NotFound } => ErrorCategory.ObjectNotFound,
        DbProviderException => ErrorCategory.InvalidArgument,
        AsyncDbException { ErrorId: AsyncDbException.ConnectionFailed } => ErrorCategory.ConnectionError,
        AsyncDbException { SqlState: ['2', '8', ..] or "42501" } => ErrorCategory.PermissionDenied,
        AsyncDbException { ErrorId: AsyncDbException.TransactionBusy } => ErrorCategory.ResourceBusy,
        AsyncDbException { ErrorId: AsyncDbException.QueryFailed } => ErrorCategory.InvalidOperation,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        FileExistsException => ErrorCategory.ResourceExists,
        HostLookupException { ErrorId: HostLookupException.NotFound } => ErrorCategory.ObjectNotFound,
        QueueFullException => ErrorCategory.LimitsExceeded,
        QueueShutDownException => ErrorCategory.ResourceUnavailable,
        QueueEmptyException => ErrorCategory.ObjectNotFound,
        RemoteSessionException { ErrorId: ErrorIds.SessionBusy } => ErrorCategory.ResourceBusy,
        RemoteSessionException => ErrorCategory.ConnectionError,

        // As PowerShell's own error of a program's exit code has it.
        ProcessExitException => ErrorCategory.NotSpecified,
        _ => ErrorCategory.ResourceUnavailable,
    };

    // ENOSPC on Unix; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
    private static bool IsDiskFull(IOException exception) =>
        exception.HResult is 28 or unchecked((int)0x80070027) or unchecked((int)0x80070070);
}
