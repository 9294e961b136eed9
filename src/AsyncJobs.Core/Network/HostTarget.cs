using System.Net;
using System.Net.Sockets;

namespace AsyncJobs.Core.Network;

/// <summary>Whom a test is for.</summary>
/// <param name="Asked">As it was given.</param>
/// <param name="Name">As results call it: as it was given or, where names are looked up, the full name.</param>
/// <param name="Address">The address that is tested.</param>
internal sealed record HostTarget(string Asked, string Name, IPAddress Address)
{
    /// <summary>The target of an address; null for a name, and for an address of the other family.</summary>
    public static HostTarget? OfAddress(string asked, AddressFamily family) =>
        IPAddress.TryParse(asked, out IPAddress? address) && DnsLookup.IsOf(family, address)
            ? new HostTarget(asked, address.ToString(), address)
            : null;

    /// <summary>Finds the address of a name and, if asked to, the name of an address.</summary>
    /// <param name="asked">Name or address.</param>
    /// <param name="family">Which address; unspecified for the first.</param>
    /// <param name="resolvesName">Whether the full name is looked up.</param>
    /// <param name="stop">Ends the look-ups.</param>
    /// <exception cref="ConnectionTestException">There is no such address.</exception>
    public static async Task<HostTarget> FindAsync(string asked, AddressFamily family, bool resolvesName, CancellationToken stop)
    {
        if (IPAddress.TryParse(asked, out IPAddress? address))
        {
            return !DnsLookup.IsOf(family, address) ? throw NoAddress(asked)
                : new HostTarget(asked, resolvesName ? await NameOfAsync(address, stop).ConfigureAwait(false) : address.ToString(), address);
        }

        IPHostEntry entry;
        try
        {
            entry = await DnsLookup.FindAsync(HostResolver.OfSystem, asked, stop).ConfigureAwait(false);
        }
        catch (HostLookupException exception)
        {
            throw new ConnectionTestException(asked, $"its name cannot be resolved: {exception.Reason}", exception);
        }

        address = entry.AddressList.FirstOrDefault(address => DnsLookup.IsOf(family, address)) ?? throw NoAddress(asked);
        return new HostTarget(asked, resolvesName ? entry.HostName : asked, address);
    }

    /// <summary>The name of an address; the address itself where it has none.</summary>
    public static async Task<string> NameOfAsync(IPAddress address, CancellationToken stop)
    {
        try
        {
            return (await DnsLookup.FindAsync(HostResolver.OfSystem, address.ToString(), stop).ConfigureAwait(false)).HostName;
        }
        catch (HostLookupException)
        {
            return address.ToString();
        }
    }

    private static ConnectionTestException NoAddress(string asked) =>
        new(asked, "it has no address of the kind that was asked for (IPv4 or IPv6).");
}
