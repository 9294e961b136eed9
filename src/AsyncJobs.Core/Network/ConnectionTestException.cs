using System.Net.NetworkInformation;

namespace AsyncJobs;

/// <summary>A target could not be tested, as opposed to one that did not answer, which is a status.</summary>
public sealed class ConnectionTestException : PingException, IHasErrorId
{
    internal ConnectionTestException(string target, string reason, Exception? cause = null)
        : base($"The connection to '{target}' cannot be tested: {reason}", cause) => TargetName = target;

    /// <summary>The target as it was given.</summary>
    public string TargetName { get; }

    /// <summary>The id of <c>Test-Connection</c>.</summary>
    public string ErrorId => "TestConnectionException";
}
