using System.Net.Sockets;

namespace AsyncJobs;

/// <summary>Start-AsyncDnsLookup: a task for each host that finds the addresses of a name, or the name of an address.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncDnsLookup")]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncDnsLookupCommand : TimeLimitedStartCommand
{
    /// <summary>The hosts, each a name or an address.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ComputerName", "TargetName", "IPAddress")]
    [ValidateNotNullOrEmpty]
    public string[] HostName { get; set; } = [];

    /// <summary>Finds only IPv4 addresses of names.</summary>
    [Parameter]
    public SwitchParameter IPv4 { get; set; }

    /// <summary>Finds only IPv6 addresses of names.</summary>
    [Parameter]
    public SwitchParameter IPv6 { get; set; }

    /// <summary>Starts a look-up of each host.</summary>
    protected override void ProcessRecord()
    {
        AddressFamily family = IPv4 == IPv6 ? AddressFamily.Unspecified
            : IPv4 ? AddressFamily.InterNetwork
            : AddressFamily.InterNetworkV6;
        foreach (string host in HostName)
        {
            WriteStarted(StartIO((_, stop) => DnsLookup.RunAsync(HostResolver.OfSystem, host, family, stop), host));
        }
    }
}
