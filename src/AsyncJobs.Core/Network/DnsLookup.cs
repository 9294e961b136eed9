using System.Net;
using System.Net.Sockets;

namespace AsyncJobs.Core.Network;

/// <summary>Looks up names and addresses as the system does: its hosts file, its name servers, whatever else it is told to ask.</summary>
internal static class DnsLookup
{
    /// <summary>The addresses of a name, or the name of an address, as <see cref="DnsRecord"/>s.</summary>
    /// <param name="resolver">What is asked.</param>
    /// <param name="host">The name or address.</param>
    /// <param name="family">Which addresses; unspecified for both.</param>
    /// <param name="stop">Ends the look-up.</param>
    public static async Task<object?> RunAsync(HostResolver resolver, string host, AddressFamily family, CancellationToken stop)
    {
        IPHostEntry entry = await FindAsync(resolver, host, stop).ConfigureAwait(false);
        if (IPAddress.TryParse(host, out IPAddress? asked))
        {
            return DnsRecord.ForName(asked.ToString(), DnsRecordType.PTR, entry.HostName);
        }

        var records = new List<object?>();
        string name = entry.HostName;
        if (!name.Equals(host, StringComparison.OrdinalIgnoreCase) && !IsWithDomain(name, host))
        {
            records.Add(DnsRecord.ForName(host, DnsRecordType.CNAME, name));
        }

        int aliasCount = records.Count;
        records.AddRange(entry.AddressList.Where(address => IsOf(family, address)).Select(address => DnsRecord.ForAddress(name, address)));
        return records.Count > aliasCount
            ? records is [{ } only] ? only : new TaskOutput(records)
            : throw new HostLookupException(host, SocketError.NoData, "it has no address of the kind that was asked for.");
    }

    /// <summary>Asks the resolver, and says in one way what it throws.</summary>
    /// <exception cref="HostLookupException">There is no such host, or nobody could tell.</exception>
    public static async Task<IPHostEntry> FindAsync(HostResolver resolver, string host, CancellationToken stop)
    {
        try
        {
            return await resolver.FindAsync(host, stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw HostLookupException.For(host, exception);
        }
    }

    /// <summary>Whether an address is of a family, or the family does not matter.</summary>
    public static bool IsOf(AddressFamily family, IPAddress address) =>
        family == AddressFamily.Unspecified || address.AddressFamily == family;

    // The resolver has put a domain of the system's behind the name: the same host, and no other name of it.
    private static bool IsWithDomain(string name, string host) =>
        name.StartsWith(host.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)
        && (host.EndsWith('.') ? name.Length == host.Length - 1 : name[host.Length] == '.');
}
