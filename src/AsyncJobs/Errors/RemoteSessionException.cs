using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>A remote session cannot run a task, or broke while it did.</summary>
/// <param name="message">Which session, and what to do.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class RemoteSessionException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException), IHasErrorId
{
    /// <summary><c>SessionNotOpen</c>, <c>SessionBusy</c> or <c>SessionBroken</c>.</summary>
    public string ErrorId { get; private init; } = ErrorIds.SessionNotOpen;

    internal static RemoteSessionException NotOpen(PSSession session) =>
        new($"{NameOf(session)} is {session.Runspace.RunspaceStateInfo.State}, not Opened. Make a new one with New-PSSession.");

    internal static RemoteSessionException Busy(PSSession session) =>
        new($"{NameOf(session)} is {session.Availability}: it runs something else. "
            + "A session runs one thing at a time; wait for that, or open a second one.")
        {
            ErrorId = ErrorIds.SessionBusy,
        };

    internal static RemoteSessionException Broken(PSSession session, Exception cause) =>
        new($"{NameOf(session)} broke while the task ran: {cause.Message.Trim()}", cause) { ErrorId = ErrorIds.SessionBroken };

    private static string NameOf(PSSession session) => $"The session '{session.Name}' with {session.ComputerName}";
}
