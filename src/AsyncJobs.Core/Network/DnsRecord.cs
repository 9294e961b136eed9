using System.Net;
using System.Net.Sockets;

namespace AsyncJobs;

/// <summary>One thing that a look-up has found, with the names of <c>Resolve-DnsName</c>.</summary>
public sealed class DnsRecord
{
    private DnsRecord(string name, DnsRecordType type)
    {
        Name = name;
        Type = type;
    }

    /// <summary>What the record is of: a name or, for PTR, an address.</summary>
    public string Name { get; }

    /// <summary>What it says.</summary>
    public DnsRecordType Type { get; }

    /// <summary>The address; null where it is a name.</summary>
    public IPAddress? IPAddress { get; private init; }

    /// <summary>The name; null where it is an address.</summary>
    public string? NameHost { get; private init; }

    /// <summary>What was found: so a record goes on to whatever takes the name or address of a host.</summary>
    public override string ToString() => NameHost ?? IPAddress!.ToString();

    internal static DnsRecord ForAddress(string name, IPAddress address) =>
        new(name, address.AddressFamily == AddressFamily.InterNetworkV6 ? DnsRecordType.AAAA : DnsRecordType.A) { IPAddress = address };

    internal static DnsRecord ForName(string name, DnsRecordType type, string nameHost) => new(name, type) { NameHost = nameHost };
}
