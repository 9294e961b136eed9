namespace AsyncJobs.Errors;

/// <summary>The stable part of every error id; scripts and tests may rely on them.</summary>
internal static class ErrorIds
{
    public const string NotAwaitable = nameof(NotAwaitable);
    public const string AsyncTimeout = nameof(AsyncTimeout);
    public const string AsyncCanceled = nameof(AsyncCanceled);
    public const string InvalidState = nameof(InvalidState);
    public const string TaskGroupFailed = nameof(TaskGroupFailed);
    public const string TaskFailed = nameof(TaskFailed);
    public const string InvalidArgument = nameof(InvalidArgument);
    public const string SemaphoreFull = nameof(SemaphoreFull);
    public const string SemaphoreMismatch = nameof(SemaphoreMismatch);
    public const string LockNotHeld = nameof(LockNotHeld);
    public const string CannotCapture = nameof(CannotCapture);
    public const string TaskNotFound = nameof(TaskNotFound);
    public const string WatchInTask = nameof(WatchInTask);
    public const string EventNotFound = nameof(EventNotFound);
    public const string EventNotSupported = nameof(EventNotSupported);
    public const string FileNotFound = nameof(FileNotFound);
    public const string FileAccessDenied = nameof(FileAccessDenied);
    public const string FileDiskFull = nameof(FileDiskFull);
    public const string FileProviderNotSupported = nameof(FileProviderNotSupported);
    public const string JobBlocked = nameof(JobBlocked);
    public const string JobSuspended = nameof(JobSuspended);
    public const string JobDisconnected = nameof(JobDisconnected);
    public const string SessionNotOpen = nameof(SessionNotOpen);
    public const string SessionBusy = nameof(SessionBusy);
    public const string SessionBroken = nameof(SessionBroken);
    public const string FileError = nameof(FileError);
    public const string ProgramNotFound = nameof(ProgramNotFound);
    public const string NotProgram = nameof(NotProgram);
    public const string TraceRunning = nameof(TraceRunning);
    public const string TraceNotRunning = nameof(TraceNotRunning);
    public const string CoroutineNotSupported = nameof(CoroutineNotSupported);
    public const string ThreadNotInteractive = nameof(ThreadNotInteractive);
}
