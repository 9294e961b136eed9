using System.Net;
using System.Net.Sockets;

namespace AsyncJobs;

/// <summary>What became of one attempt to connect, with the properties of what <c>Test-Connection</c> writes.</summary>
public sealed class TcpPortStatus
{
    internal TcpPortStatus(string source, HostTarget target, int port, int id, SocketError status, long latency)
    {
        Source = source;
        Target = target.Asked;
        TargetAddress = target.Address;
        Port = port;
        Id = id;
        Status = status;
        Latency = latency;
    }

    /// <summary>The number of the attempt among those at the same target.</summary>
    public int Id { get; }

    /// <summary>The name of this computer.</summary>
    public string Source { get; }

    /// <summary>The target as it was given.</summary>
    public string Target { get; }

    /// <summary>The target's address.</summary>
    public IPAddress TargetAddress { get; }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>How long connecting took, in milliseconds; 0 where it failed.</summary>
    public long Latency { get; }

    /// <summary>Whether there was a connection.</summary>
    public bool Connected => Status == SocketError.Success;

    /// <summary>What became of it.</summary>
    public SocketError Status { get; }

    /// <summary>Target, port and status.</summary>
    public override string ToString() => $"{Target}:{Port}: {Status}";
}
