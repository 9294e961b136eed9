using System.Globalization;
using System.Management.Automation.Host;

namespace AsyncJobs.Remoting;

/// <summary>
/// The host of scripts on remote sessions: none to speak of. Without it the session's own host, the console, would write
/// each record beside the waiter, and ask questions from a thread of its own.
/// </summary>
internal sealed class SessionHost : PSHost
{
    public static SessionHost Instance { get; } = new();

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "AsyncJobs";

    /// <summary>Null tells the other side that there is nobody to show anything to or to ask.</summary>
    public override PSHostUserInterface UI => null!;

    public override Version Version { get; } = typeof(SessionHost).Assembly.GetName().Version!;

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
