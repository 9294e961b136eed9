namespace AsyncJobs;

/// <summary>The largest ping that a target answers in one piece, with the properties of what <c>Test-Connection</c> writes.</summary>
public sealed class PingMtuStatus : PingStatus
{
    internal PingMtuStatus(string source, string destination, Echo echo, int bufferSize)
        : base(source, destination, echo, bufferSize, ping: 1) => MtuSize = bufferSize;

    /// <summary>The number of bytes in it.</summary>
    public int MtuSize { get; }
}
