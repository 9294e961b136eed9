using System.Net;
using System.Net.NetworkInformation;

namespace AsyncJobs;

/// <summary>What became of one ping, with the properties of what <c>Test-Connection</c> writes.</summary>
public class PingStatus
{
    internal PingStatus(string source, string destination, Echo echo, int bufferSize, uint ping)
    {
        Source = source;
        Destination = destination;
        Address = echo.Status == IPStatus.Success ? echo.Responder : null;
        Reply = echo.Reply;
        Status = echo.Status;
        Latency = echo.Latency;
        BufferSize = bufferSize;
        Ping = ping;
    }

    /// <summary>The number of the ping among those to the same target.</summary>
    public uint Ping { get; }

    /// <summary>The name of this computer.</summary>
    public string Source { get; }

    /// <summary>The target's name or address.</summary>
    public string Destination { get; }

    /// <summary>The address that answered; null where none did.</summary>
    public IPAddress? Address { get; }

    /// <summary>The address that answered, or <c>*</c>.</summary>
    public string DisplayAddress => Address?.ToString() ?? "*";

    /// <summary>How long the answer took, in milliseconds.</summary>
    public long Latency { get; }

    /// <summary>What became of it.</summary>
    public IPStatus Status { get; }

    /// <summary>How many bytes were sent.</summary>
    public int BufferSize { get; }

    /// <summary>What .NET says of it; null where .NET has not sent it.</summary>
    public PingReply? Reply { get; }

    /// <summary>Target and status.</summary>
    public override string ToString() => $"{Destination}: {Status}";
}
