using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace AsyncJobs.Core.Files;

/// <summary>
/// The names of files that are being written, and what sees to it that none of them stays behind: at the end of the process they
/// are deleted, and those of processes that were killed when a folder is first written to again.
/// </summary>
internal static class TemporaryFiles
{
    // Whoever writes has the file locked from the moment that he has made it until it has its final name. Between making and
    // locking it, its age is what protects it, and where locks of other machines may not be seen.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan YoungElsewhere = TimeSpan.FromHours(1);

    private static readonly Regex OwnName = new("^\\.[0-9a-f]{32}\\.asyncjobs\\.tmp$", RegexOptions.CultureInvariant);
    private static readonly ConcurrentDictionary<string, bool> Open = [];
    private static readonly ConcurrentDictionary<string, bool> SweptFolders = [];

    static TemporaryFiles() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => DeleteOpen();

    /// <summary>A name beside a target, short whatever the target's name, which may have all the length a name can have.</summary>
    public static string NameBeside(string path) => NameIn(Path.GetDirectoryName(path)!);

    /// <summary>A name for what is to be written into a file whose directory takes no others.</summary>
    public static string NameElsewhere() => NameIn(Path.GetTempPath());

    /// <summary>Notes a file that was just made. The first in a folder has those swept away that nobody writes any more.</summary>
    public static void Add(string path, FileStream stream)
    {
        Open[path] = true;
        string folder = Path.GetDirectoryName(path)!;
        if (SweptFolders.TryAdd(folder, true) && !IsFree(path))
        {
            uint? user = OperatingSystem.IsLinux() ? LinuxFileStatus.Of(stream.SafeFileHandle)?.Owner.User : null;
            _ = Task.Run(async () =>
            {
                // Again, for what was too young to be told from what is just made.
                if (Sweep(folder, user))
                {
                    await Task.Delay(2 * Young).ConfigureAwait(false);
                    Sweep(folder, user);
                }
            });
        }
    }

    /// <summary>Forgets a file that has its final name, or is deleted.</summary>
    public static void Remove(string path) => Open.TryRemove(path, out _);

    /// <summary>Deletes the files that are being written, as the process ends.</summary>
    public static void DeleteOpen()
    {
        foreach (string path in Open.Keys)
        {
            TryDelete(path);
        }
    }

    /// <summary>
    /// Deletes what processes left that were killed: plain files of our names, of a user, not just made, and locked by nobody.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="user">The user; null where the system does not tell whose a file is, and deleting is for the owner alone.</param>
    /// <returns>Whether there are some that were just made.</returns>
    public static bool Sweep(string folder, uint? user)
    {
        bool isAnyYoung = false;
        try
        {
            TimeSpan young = new DriveInfo(folder).DriveType == DriveType.Network ? YoungElsewhere : Young;
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles(".*.asyncjobs.tmp"))
            {
                if (!OwnName.IsMatch(file.Name) || Open.ContainsKey(file.FullName))
                {
                    continue;
                }

                if (DateTime.UtcNow - file.LastWriteTimeUtc < young)
                {
                    isAnyYoung = true;
                }
                else if (IsLeft(file, user))
                {
                    TryDelete(file.FullName);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // What cannot be listed is not swept.
        }

        return isAnyYoung;
    }

    private static string NameIn(string folder) => Path.Combine(folder, $".{Guid.NewGuid():N}.asyncjobs.tmp");

    private static bool IsLeft(FileInfo file, uint? user)
    {
        if (file.LinkTarget is not null)
        {
            return false;
        }

        if (OperatingSystem.IsLinux()
            && (LinuxFileStatus.Of(file.FullName) is not { IsPlainFile: true } status || status.Owner.User != user))
        {
            return false;
        }

        return IsFree(file.FullName);
    }

    /// <summary>
    /// Whether nobody has a file open, in whichever process of this machine. Of one that somebody has, whether its file system
    /// knows no locks.
    /// </summary>
    private static bool IsFree(string path)
    {
        try
        {
            using FileStream alone = new(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays for a later sweep.
        }
    }
}
