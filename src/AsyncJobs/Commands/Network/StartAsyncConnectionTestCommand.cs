using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AsyncJobs;

/// <summary>Start-AsyncConnectionTest: a task for each target that tests it as <c>Test-Connection</c> does.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncConnectionTest", DefaultParameterSetName = PingSet)]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncConnectionTestCommand : TimeLimitedStartCommand
{
    private const string PingSet = "DefaultPing";
    private const string RepeatSet = "RepeatPing";
    private const string RouteSet = "TraceRoute";
    private const string MtuSet = "MtuSizeDetect";
    private const string TcpSet = "TcpPort";

    /// <summary>The targets, each a name or an address.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ComputerName")]
    [ValidateNotNullOrEmpty]
    public string[] TargetName { get; set; } = [];

    /// <summary>Pings, which is what is done unless another test is asked for.</summary>
    [Parameter(ParameterSetName = PingSet)]
    [Parameter(ParameterSetName = RepeatSet)]
    public SwitchParameter Ping { get; set; }

    /// <summary>The port to connect to.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TcpSet)]
    [ValidateRange(0, 65535)]
    [ArgumentCompleter(typeof(TcpPortCompleter))]
    public int TcpPort { get; set; }

    /// <summary>Finds the routers on the way.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RouteSet)]
    public SwitchParameter Traceroute { get; set; }

    /// <summary>Finds how large a ping may be.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MtuSet)]
    [Alias("MtuSizeDetect")]
    public SwitchParameter MtuSize { get; set; }

    /// <summary>Tests until nobody takes the results any more: a stream for Receive-AsyncTask.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RepeatSet)]
    [Parameter(ParameterSetName = TcpSet)]
    [Alias("Continuous")]
    public SwitchParameter Repeat { get; set; }

    /// <summary>How often each target is tested; 4 pings or 1 connection unless given.</summary>
    [Parameter(ParameterSetName = PingSet)]
    [Parameter(ParameterSetName = TcpSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>The seconds between two tests of a target; 1 unless given.</summary>
    [Parameter(ParameterSetName = PingSet)]
    [Parameter(ParameterSetName = RepeatSet)]
    [Parameter(ParameterSetName = TcpSet)]
    [ValidateRange(SecondsRange.Shortest, SecondsRange.Longest)]
    public double Delay { get; set; } = 1;

    /// <summary>How long one answer may take, in seconds; 5 unless given.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(SecondsRange.Shortest, SecondsRange.Longest)]
    public double TimeoutSeconds { get; set; } = 5;

    /// <summary>How many bytes a ping carries.</summary>
    [Parameter(ParameterSetName = PingSet)]
    [Parameter(ParameterSetName = RepeatSet)]
    [Alias("Size", "Bytes", "BS")]
    [ValidateRange(0, 65500)]
    public int BufferSize { get; set; } = Echo.DefaultSize;

    /// <summary>Through how many routers a ping may go.</summary>
    [Parameter(ParameterSetName = PingSet)]
    [Parameter(ParameterSetName = RepeatSet)]
    [Parameter(ParameterSetName = RouteSet)]
    [Alias("Ttl", "TimeToLive", "Hops")]
    [ValidateRange(1, 128)]
    public int MaxHops { get; set; } = 128;

    /// <summary>Sends pings that no router may divide.</summary>
    [Parameter(ParameterSetName = PingSet)]
    [Parameter(ParameterSetName = RepeatSet)]
    public SwitchParameter DontFragment { get; set; }

    /// <summary>Tests a target's IPv4 address.</summary>
    [Parameter]
    public SwitchParameter IPv4 { get; set; }

    /// <summary>Tests a target's IPv6 address.</summary>
    [Parameter]
    public SwitchParameter IPv6 { get; set; }

    /// <summary>Has results call targets by their full names.</summary>
    [Parameter]
    public SwitchParameter ResolveDestination { get; set; }

    /// <summary>Gives one simple value for each target, and no error for one that is not to be found.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Gives the status of each connection, not only whether there was one.</summary>
    [Parameter(ParameterSetName = TcpSet)]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Starts a test of each target.</summary>
    protected override void ProcessRecord()
    {
        // A port may come with each input.
        ConnectionTest test = MakeTest();
        foreach (string target in TargetName)
        {
            WriteStarted(StartIO(
                Repeat
                    ? (_, _) => Task.FromResult<object?>(test.TestAsync(target, CancellationToken.None))
                    : (task, stop) => OutputCollector.CollectAsync(task, test.TestAsync(target, stop)),
                target));
        }
    }

    private ConnectionTest MakeTest()
    {
        ConnectionTest test = ParameterSetName switch
        {
            RouteSet => new RouteTest { MaxHops = MaxHops },
            MtuSet => new MtuTest(),
            TcpSet => new TcpPortTest { Port = TcpPort, IsDetailed = Detailed, Count = CountOr(1), Delay = TimeSpan.FromSeconds(Delay) },
            _ => new PingTest
            {
                BufferSize = BufferSize,
                Options = new PingOptions(MaxHops, DontFragment),
                Count = CountOr(4),
                Delay = TimeSpan.FromSeconds(Delay),
            },
        };
        return test with
        {
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            Family = FamilyOf(IPv4, IPv6),
            ResolvesNames = ResolveDestination,
            IsQuiet = Quiet,
        };
    }

    private int? CountOr(int usual) => Repeat ? null : Count == 0 ? usual : Count;

    // As Test-Connection, which takes the second where both are given.
    private static AddressFamily FamilyOf(bool isV4, bool isV6) =>
        isV6 ? AddressFamily.InterNetworkV6 : isV4 ? AddressFamily.InterNetwork : AddressFamily.Unspecified;
}
