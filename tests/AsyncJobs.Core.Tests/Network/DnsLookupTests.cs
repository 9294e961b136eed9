using System.Net;
using System.Net.Sockets;

namespace AsyncJobs.Core.Tests.Network;

public sealed class DnsLookupTests
{
    private static readonly IPAddress V4 = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress V6 = IPAddress.Parse("2001:db8::1");

    [Theory]
    [InlineData("host", "host", "host A 192.0.2.1, host AAAA 2001:db8::1")]
    [InlineData("HOST", "host", "host A 192.0.2.1, host AAAA 2001:db8::1")]
    [InlineData("host.", "host", "host A 192.0.2.1, host AAAA 2001:db8::1")]
    [InlineData("host", "host.example", "host.example A 192.0.2.1, host.example AAAA 2001:db8::1")]
    [InlineData("host", "hosting.example", "host CNAME hosting.example, hosting.example A 192.0.2.1, hosting.example AAAA 2001:db8::1")]
    [InlineData("www", "host", "www CNAME host, host A 192.0.2.1, host AAAA 2001:db8::1")]
    [InlineData("longer", "short", "longer CNAME short, short A 192.0.2.1, short AAAA 2001:db8::1")]
    [InlineData("192.0.2.9", "host", "192.0.2.9 PTR host")]
    public async Task RunAsync_OfHost_GivesWhatWasFound(string asked, string found, string expected)
    {
        object? result = await LookUpAsync(asked, AddressFamily.Unspecified, _ => Entry(found, V4, V6));

        IEnumerable<DnsRecord> records = result is DnsRecord one ? [one] : ((TaskOutput)result!).Cast<DnsRecord>();
        Assert.Equal(expected, string.Join(", ", records.Select(record => $"{record.Name} {record.Type} {record}")));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork, "192.0.2.1")]
    [InlineData(AddressFamily.InterNetworkV6, "2001:db8::1")]
    public async Task RunAsync_OfOneFamily_GivesOnlyThat(AddressFamily family, string expected)
    {
        var record = (DnsRecord)(await LookUpAsync("host", family, _ => Entry("host", V4, V6)))!;

        Assert.Equal(expected, record.IPAddress!.ToString());
    }

    [Fact]
    public async Task RunAsync_WithoutAddressOfTheFamily_IsNotFound()
    {
        HostLookupException failure = await Assert.ThrowsAsync<HostLookupException>(
            () => LookUpAsync("host", AddressFamily.InterNetworkV6, _ => Entry("other", V4)));

        Assert.Equal("HostNotFound", failure.ErrorId);
        Assert.Equal("host", failure.HostName);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "HostNotFound")]
    [InlineData(SocketError.NoData, "HostNotFound")]
    [InlineData(SocketError.TryAgain, "HostLookupFailed")]
    [InlineData(SocketError.NoRecovery, "HostLookupFailed")]
    public async Task RunAsync_ThatFails_SaysWhetherThereIsNoneOrNobodyKnows(SocketError error, string id)
    {
        HostLookupException failure = await Assert.ThrowsAsync<HostLookupException>(
            () => LookUpAsync("host", AddressFamily.Unspecified, _ => throw new SocketException((int)error)));

        Assert.Equal(id, failure.ErrorId);
        Assert.Equal(error, failure.SocketErrorCode);
        Assert.Contains("'host'", failure.Message, StringComparison.Ordinal);
    }

    private static Task<object?> LookUpAsync(string host, AddressFamily family, Func<string, IPHostEntry> lookUp) =>
        DnsLookup.RunAsync(new HostResolver(lookUp), host, family, CancellationToken.None).Within();

    private static IPHostEntry Entry(string name, params IPAddress[] addresses) => new() { HostName = name, AddressList = addresses };
}
