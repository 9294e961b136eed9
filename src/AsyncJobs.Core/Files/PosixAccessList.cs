using System.Runtime.InteropServices;

namespace AsyncJobs.Core.Files;

/// <summary>An access control list as Linux keeps it in an attribute of the file.</summary>
internal sealed class PosixAccessList
{
    private const int HeaderLength = 4;
    private const int EntryLength = 8;
    private const int OwningGroup = 4;
    private const int Mask = 0x10;

    /// <summary>Reads the attribute's value.</summary>
    public PosixAccessList(ReadOnlySpan<byte> value)
    {
        int group = 0;
        int mask = ~0;
        for (int start = HeaderLength; start + EntryLength <= value.Length; start += EntryLength)
        {
            int permissions = MemoryMarshal.Read<ushort>(value[(start + 2)..]);
            switch (MemoryMarshal.Read<ushort>(value[start..]))
            {
                case OwningGroup:
                    group = permissions;
                    break;
                case Mask:
                    mask = permissions;
                    break;
            }
        }

        GroupsPart = group & mask;
    }

    /// <summary>What the owning group may do.</summary>
    public int GroupsPart { get; }
}
