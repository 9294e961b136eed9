namespace AsyncJobs;

/// <summary>A server-sent event.</summary>
/// <param name="EventType">What kind of event it is; <c>message</c> where the server names none.</param>
/// <param name="Data">What it says; several lines of it are joined by line feeds.</param>
/// <param name="EventId">
/// The id that the server gave last, for the header Last-Event-ID of a later request; empty where it gave none.
/// </param>
/// <param name="ReconnectionInterval">How long to wait before asking again, where the server has said so.</param>
public sealed record WebEvent(string EventType, string Data, string EventId, TimeSpan? ReconnectionInterval)
{
    /// <summary>What the event says.</summary>
    public override string ToString() => Data;
}
