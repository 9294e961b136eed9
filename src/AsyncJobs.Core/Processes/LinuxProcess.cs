using System.Globalization;
using System.Runtime.InteropServices;

namespace AsyncJobs.Core.Processes;

/// <summary>A process as Linux shows it under /proc.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">The letter of its state.</param>
/// <param name="Parent">The number of the process that started it, or that it was handed to when that one ended.</param>
/// <param name="Group">Its process group.</param>
/// <param name="StartedAt">When it was started, in ticks of the system's clock.</param>
internal readonly record struct LinuxProcess(int Id, char State, int Parent, int Group, long StartedAt)
{
    // Behind the name: state, parent, group, ..., the 20th the time of its start.
    private const int FieldCount = 20;

    /// <summary>This process; null where there is no /proc.</summary>
    public static LinuxProcess? Self { get; } = Read("self");

    /// <summary>Whether it has ended and only waits for its parent to hear of that.</summary>
    public bool HasEnded => State is 'Z' or 'X';

    /// <summary>All processes that there are; none where there is no /proc.</summary>
    public static List<LinuxProcess> All() => Self is null
        ? []
        : [.. Directory.EnumerateDirectories("/proc")
            .Select(static folder => Path.GetFileName(folder))
            .Where(static name => char.IsAsciiDigit(name[0]))
            .Select(Read)
            .OfType<LinuxProcess>()];

    /// <summary>Sends a signal to a process; false where there is none, or it is not this user's.</summary>
    public static bool Signal(int process, int signal) => Kill(process, signal) == 0;

    /// <summary>The environment that it was given; empty where this user may not see it, or it has ended.</summary>
    public byte[] ReadEnvironment()
    {
        try
        {
            return File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static LinuxProcess? Read(string name)
    {
        try
        {
            // The name of the program, in parentheses, may have any characters.
            string text = File.ReadAllText($"/proc/{name}/stat");
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ', FieldCount + 1);
            return new LinuxProcess(
                Number(text[..text.IndexOf(' ', StringComparison.Ordinal)]),
                fields[0][0],
                Number(fields[1]),
                Number(fields[2]),
                long.Parse(fields[FieldCount - 1], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No process, or one that has ended.
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

#pragma warning disable SYSLIB1054 // Generated marshalling needs unsafe code, and there is nothing to marshal here.
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
#pragma warning restore SYSLIB1054
}
