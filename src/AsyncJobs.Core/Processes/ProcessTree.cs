using System.Buffers.Text;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AsyncJobs.Core.Processes;

/// <summary>
/// A program and all that it has started, to be ended together. On Linux these are known by a mark in their environment, which
/// whatever a program starts inherits, and by their parents; so also those whose parent has ended. Elsewhere by their parents alone.
/// </summary>
internal sealed class ProcessTree : IDisposable
{
    private const string Variable = "ASYNCJOBS_PROCESS";
    private const int KillSignal = 9;
    private const int LooksAtExit = 20;

    // A process may hang in the system, and so cannot be ended.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    // No other process has it, so what it stands in was started by a program of this one.
    private static readonly string Host = Guid.NewGuid().ToString("N");
    private static readonly byte[] HostMark = Encoding.UTF8.GetBytes(Host + ".");
    private static readonly ConcurrentDictionary<int, ProcessTree> Running = [];

    // Those that are being ended: one look at the system's processes is for all of them. Under its own lock.
    private static readonly List<ProcessTree> Ending = [];
    private static bool s_isSweeping;
    private static int s_lastNumber;

    private readonly int _number = Interlocked.Increment(ref s_lastNumber);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _endingSince;

    static ProcessTree() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => KillAll();

    private ProcessTree(Process program) => Program = program;

    /// <summary>The program itself.</summary>
    public Process Program { get; }

    /// <summary>The number of its process, which no other has before it is known to have ended.</summary>
    public int Id { get; private set; }

    private bool IsRunning
    {
        get
        {
            try
            {
                return !Program.HasExited;
            }
            catch (InvalidOperationException)
            {
                // Let go of, while this process ends.
                return false;
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="Win32Exception">The system does not start it.</exception>
    public static ProcessTree Start(ProcessStartInfo start)
    {
        var tree = new ProcessTree(new Process { StartInfo = start });

        // A program may run this module as well, and start others.
        start.Environment.TryGetValue(Variable, out string? outer);
        start.Environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{outer}{Host}.{tree._number};");
        tree.Program.Start();
        tree.Id = tree.Program.Id;
        Running[tree._number] = tree;
        return tree;
    }

    /// <summary>Ends all programs that still run, as this process ends.</summary>
    public static void KillAll()
    {
        for (int look = 0; look < LooksAtExit && !Running.IsEmpty && Kill([.. Running.Values]).Count > 0; look++)
        {
            Thread.Sleep(Interval);
        }
    }

    /// <summary>Ends the program and what it has started; done when there is nothing left of it, or it cannot be ended.</summary>
    public Task KillAsync()
    {
        lock (Ending)
        {
            _endingSince = Stopwatch.GetTimestamp();
            Ending.Add(this);
            if (!s_isSweeping)
            {
                s_isSweeping = true;
                _ = Task.Run(SweepAsync);
            }
        }

        return _ended.Task;
    }

    /// <summary>The program has ended, and what it has left running is to run on.</summary>
    public void Dispose()
    {
        Running.TryRemove(_number, out _);
        Program.Dispose();
    }

    // Each killed process may have started another just before: so until a look finds none.
    private static async Task SweepAsync()
    {
        while (TakeEnding() is { Count: > 0 } ending)
        {
            HashSet<ProcessTree> found = Kill(ending);
            lock (Ending)
            {
                Ending.RemoveAll(tree => ending.Contains(tree) && !found.Contains(tree) && tree._ended.TrySetResult());
            }

            if (found.Count > 0)
            {
                await Task.Delay(Interval).ConfigureAwait(false);
            }
        }
    }

    private static List<ProcessTree> TakeEnding()
    {
        lock (Ending)
        {
            Ending.RemoveAll(static tree => Stopwatch.GetElapsedTime(tree._endingSince) > Patience && tree._ended.TrySetResult());
            s_isSweeping = Ending.Count > 0;
            return [.. Ending];
        }
    }

    /// <summary>Kills what there is of some trees at this moment.</summary>
    /// <returns>Those of which there was anything.</returns>
    private static HashSet<ProcessTree> Kill(IReadOnlyCollection<ProcessTree> trees)
    {
        if (LinuxProcess.Self is not { } self)
        {
            foreach (ProcessTree tree in trees)
            {
                tree.KillByParents();
            }

            return [];
        }

        var numbers = trees.ToDictionary(static tree => tree._number);
        var found = new Dictionary<int, ProcessTree>();
        foreach (ProcessTree tree in trees.Where(static tree => tree.IsRunning))
        {
            found[tree.Id] = tree;
        }

        List<LinuxProcess> others = LinuxProcess.All();
        others.RemoveAll(other => other.StartedAt < self.StartedAt || other.HasEnded || other.Id == self.Id);
        foreach (LinuxProcess other in others)
        {
            if (numbers.TryGetValue(NumberIn(other.ReadEnvironment()), out ProcessTree? tree))
            {
                found[other.Id] = tree;
            }
        }

        // Down the generations, for those whose environment does not tell.
        while (others.RemoveAll(other => found.TryGetValue(other.Parent, out ProcessTree? tree) && found.TryAdd(other.Id, tree)) > 0)
        {
        }

        var killed = new HashSet<ProcessTree>();
        foreach ((int id, ProcessTree tree) in found)
        {
            if (LinuxProcess.Signal(id, KillSignal))
            {
                killed.Add(tree);
            }
        }

        return killed;
    }

    private static int NumberIn(ReadOnlySpan<byte> environment)
    {
        int place = environment.IndexOf(HostMark);
        return place >= 0 && Utf8Parser.TryParse(environment[(place + HostMark.Length)..], out int number, out _) ? number : 0;
    }

    private void KillByParents()
    {
        try
        {
            Program.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, or some of it is not this user's.
        }
    }
}
