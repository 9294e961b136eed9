namespace AsyncJobs;

/// <summary>An event of a .NET object that has come: what Wait-AsyncObjectEvent and Register-AsyncObjectEvent give.</summary>
public sealed class AsyncObjectEvent
{
    internal AsyncObjectEvent(string eventName, DateTime timeGenerated, object? sender, object? sourceEventArgs)
    {
        EventName = eventName;
        TimeGenerated = timeGenerated;
        Sender = sender;
        SourceEventArgs = sourceEventArgs;
    }

    /// <summary>The event's name.</summary>
    public string EventName { get; }

    /// <summary>When it came.</summary>
    public DateTime TimeGenerated { get; }

    /// <summary>The object that raised it, as the event's handlers are told.</summary>
    public object? Sender { get; }

    /// <summary>The event's arguments.</summary>
    public object? SourceEventArgs { get; }

    /// <summary>All that a handler is called with: the sender, then the arguments.</summary>
    public IReadOnlyList<object?> SourceArgs => [Sender, SourceEventArgs];

    /// <summary>The event's name and sender.</summary>
    public override string ToString() => $"{EventName} of {Sender}";
}
