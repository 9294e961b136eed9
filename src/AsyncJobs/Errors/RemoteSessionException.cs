using System.Management.Automation.Runspaces;

namespace AsyncJobs;

/// <summary>A remote session cannot run a task, or broke while it did.</summary>
public sealed class RemoteSessionException : InvalidOperationException, IHasErrorId
{
    /// <summary>Creates the exception with a general message.</summary>
    public RemoteSessionException()
        : this("The session cannot run a task.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which session, and what to do.</param>
    public RemoteSessionException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="message">Which session, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public RemoteSessionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

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
