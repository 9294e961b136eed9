using System.Net;
using System.Net.NetworkInformation;

namespace AsyncJobs;

/// <summary>One ping to a router on the way to a target, with the properties of what <c>Test-Connection</c> writes.</summary>
public sealed class TraceStatus
{
    internal TraceStatus(string source, HostTarget target, int hop, uint ping, Echo echo, string? hostname)
    {
        Source = source;
        Target = target.Name;
        TargetAddress = target.Address;
        Hop = hop;
        Ping = ping;
        Hostname = hostname;
        HopAddress = echo.Responder;
        Latency = echo.Latency;
        Status = echo.Status;
        Reply = echo.Reply;
    }

    /// <summary>How many routers away it is.</summary>
    public int Hop { get; }

    /// <summary>Its name where names were asked for, or else its address; null where nobody answered.</summary>
    public string? Hostname { get; }

    /// <summary>The number of the ping among those to the same hop.</summary>
    public uint Ping { get; }

    /// <summary>Its address; null where nobody answered.</summary>
    public IPAddress? HopAddress { get; }

    /// <summary>How long the answer took, in milliseconds.</summary>
    public long Latency { get; }

    /// <summary>What became of the ping: <c>TtlExpired</c> from a router, <c>Success</c> from the target.</summary>
    public IPStatus Status { get; }

    /// <summary>The name of this computer.</summary>
    public string Source { get; }

    /// <summary>The name or address of the way's end.</summary>
    public string Target { get; }

    /// <summary>The address of the way's end.</summary>
    public IPAddress TargetAddress { get; }

    /// <summary>What .NET says of the ping; null where .NET has not sent it.</summary>
    public PingReply? Reply { get; }

    /// <summary>Hop, router and status.</summary>
    public override string ToString() => $"{Hop}: {Hostname ?? "*"} {Status}";
}
