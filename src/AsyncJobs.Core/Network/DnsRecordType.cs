using System.Diagnostics.CodeAnalysis;

namespace AsyncJobs;

/// <summary>What a record says of its name; the numbers are those of DNS.</summary>
[SuppressMessage("Design", "CA1008", Justification = "DNS has no type 0.")]
public enum DnsRecordType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>The name that it is another name of.</summary>
    CNAME = 5,

    /// <summary>The name of an address.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The name that DNS has for it.")]
    PTR = 12,

    /// <summary>An IPv6 address.</summary>
    AAAA = 28,
}
