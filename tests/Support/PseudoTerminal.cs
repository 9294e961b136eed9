using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

/// <summary>
/// A program on a pseudo-terminal of its own, as a person at a keyboard has it: it edits lines, and Ctrl+C is a signal. Of
/// Linux; needs nothing but its C library.
/// </summary>
public sealed class PseudoTerminal : IDisposable
{
    private static readonly Regex ControlSequence = new("\x1b(\\[[0-?]*[ -/]*[@-~]|\\][^\a\x1b]*(\a|\x1b\\\\)|[()][A-Z0-9]|[=>])");

    private readonly object _gate = new();
    private readonly StringBuilder _text = new();
    private readonly TerminalScreen _screen = new(50, 200);
    private readonly int _master;
    private readonly Thread _reader;
    private int _isDisposed;
    private int? _exitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    public PseudoTerminal(string file, string[] arguments)
    {
        const int ReadWrite = 2, NoControl = 0x100, CloseOnExec = 0x80000;
        _master = Checked(posix_openpt(ReadWrite | NoControl | CloseOnExec));
        Checked(grantpt(_master));
        Checked(unlockpt(_master));
        string slave = Marshal.PtrToStringUTF8(ptsname(_master))!;
        SetWindow(50, 200);

        IntPtr memory = Marshal.AllocHGlobal(4096);
        (IntPtr actions, IntPtr attributes, IntPtr signals) = (memory, memory + 1024, memory + 2048);
        try
        {
            // The first terminal that the leader of a session opens is the one it is controlled by.
            posix_spawn_file_actions_init(actions);
            posix_spawn_file_actions_addopen(actions, 0, slave, ReadWrite, 0);
            posix_spawn_file_actions_adddup2(actions, 0, 1);
            posix_spawn_file_actions_adddup2(actions, 0, 2);
            posix_spawnattr_init(attributes);
            const short DefaultSignals = 0x04, SignalMask = 0x08, NewSession = 0x80;
            posix_spawnattr_setflags(attributes, DefaultSignals | SignalMask | NewSession);
            sigfillset(signals);
            posix_spawnattr_setsigdefault(attributes, signals);
            sigemptyset(signals);
            posix_spawnattr_setsigmask(attributes, signals);
            string?[] command = [file, .. arguments, null];
            var environment = new System.Collections.Generic.List<string?> { "TERM=xterm" };
            foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            {
                if ((string)variable.Key is not ("TERM" or "NO_COLOR" or "CI"))
                {
                    environment.Add($"{variable.Key}={variable.Value}");
                }
            }

            environment.Add(null);
            int error = posix_spawnp(out int id, file, actions, attributes, command, environment.ToArray());
            ProcessId = error == 0 ? id : throw new IOException($"{file} cannot be started: error {error}.");
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }

        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>The program's process.</summary>
    public int ProcessId { get; }

    /// <summary>What the program has written so far, without control sequences.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return ControlSequence.Replace(_text.ToString(), "");
            }
        }
    }

    /// <summary>What the program has written so far, with control sequences.</summary>
    public string Raw
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>What can be seen, from top to bottom.</summary>
    public string[] Screen
    {
        get
        {
            lock (_gate)
            {
                return _screen.Lines;
            }
        }
    }

    /// <summary>Whether the cursor can be seen.</summary>
    public bool IsCursorVisible
    {
        get
        {
            lock (_gate)
            {
                return _screen.IsCursorVisible;
            }
        }
    }

    /// <summary>How often the program has gone upwards, to draw over what was there.</summary>
    public int UpCount
    {
        get
        {
            lock (_gate)
            {
                return _screen.UpCount;
            }
        }
    }

    /// <summary>Gives the window another size, as a user does who drags its corner; the program is told.</summary>
    public void Resize(int rows, int columns)
    {
        lock (_gate)
        {
            _screen.Resize(rows, columns);
            SetWindow(rows, columns);
        }
    }

    /// <summary>Waits until a condition holds of the lines that can be seen, and gives them.</summary>
    public string[] WaitForScreen(Func<string[], bool> condition, double seconds)
    {
        long started = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (true)
            {
                string[] lines = _screen.Lines;
                if (condition(lines))
                {
                    return lines;
                }

                TimeSpan left = TimeSpan.FromSeconds(seconds) - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    throw new TimeoutException($"Not within {seconds} s; the screen is:\n{string.Join('\n', lines)}");
                }
            }
        }
    }

    /// <summary>Types something.</summary>
    public void Type(string keys)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(keys);
        for (int written = 0; written < bytes.Length;)
        {
            written += Checked((int)write(_master, bytes[written..], (nuint)(bytes.Length - written)));
        }
    }

    /// <summary>Waits until the text has a match of a pattern at or behind a place, and gives the place behind it.</summary>
    public int WaitFor(string pattern, int from, double seconds)
    {
        long started = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (true)
            {
                string text = Text;
                Match match = Regex.Match(text[Math.Min(from, text.Length)..], pattern);
                if (match.Success)
                {
                    return from + match.Index + match.Length;
                }

                TimeSpan left = TimeSpan.FromSeconds(seconds) - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    throw new TimeoutException($"No '{pattern}' within {seconds} s in: {text[Math.Min(from, text.Length)..]}");
                }
            }
        }
    }

    /// <summary>Waits for the program's end and gives its exit code, or 128 and the signal that ended it.</summary>
    public int WaitForExit(double seconds)
    {
        long started = Stopwatch.GetTimestamp();
        while (!HasExited())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds)
            {
                throw new TimeoutException($"The program did not end within {seconds} s: {Text}");
            }

            Thread.Sleep(20);
        }

        return _exitCode!.Value;
    }

    /// <summary>Ends the program and all it has started on the terminal, if it has not ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            const int Kill = 9;
            if (!HasExited())
            {
                kill(-ProcessId, Kill);
                WaitForExit(30);
            }

            _reader.Join(TimeSpan.FromSeconds(5));
            close(_master);
        }
    }

    private bool HasExited()
    {
        const int NoHang = 1;
        if (_exitCode is null && waitpid(ProcessId, out int status, NoHang) != 0)
        {
            _exitCode = (status & 0x7f) is var signal and not 0 ? 128 + signal : (status >> 8) & 0xff;
        }

        return _exitCode is not null;
    }

    private void Read()
    {
        var buffer = new byte[4096];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[4096];

        // At the program's end reading fails.
        while ((int)read(_master, buffer, (nuint)buffer.Length) is var count and > 0)
        {
            string added = new(characters, 0, decoder.GetChars(buffer, 0, count, characters, 0));
            lock (_gate)
            {
                // The program asks where the cursor is, and means the place at which it asks.
                int from = 0;
                for (int asked; (asked = added.IndexOf("\x1b[6n", from, StringComparison.Ordinal)) >= 0; from = asked)
                {
                    _screen.Write(added[from..asked]);
                    Type($"\x1b[{_screen.Row + 1};{_screen.Column + 1}R");
                    asked += 4;
                }

                _screen.Write(added[from..]);
                _text.Append(added);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void SetWindow(int rows, int columns)
    {
        const nuint SetWindowSize = 0x5414;
        Checked(ioctl(_master, SetWindowSize, new[] { (ushort)rows, (ushort)columns, (ushort)0, (ushort)0 }));
    }

    private static int Checked(int result) =>
        result >= 0 ? result : throw new IOException($"The pseudo-terminal fails: error {Marshal.GetLastPInvokeError()}.");

#pragma warning disable IDE1006 // The names are the C library's.
    [DllImport("libc", SetLastError = true)]
    private static extern int posix_openpt(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int grantpt(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlockpt(int descriptor);

    [DllImport("libc")]
    private static extern IntPtr ptsname(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint request, ushort[] size);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_init(IntPtr actions);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_addopen(IntPtr actions, int descriptor, string path, int flags, uint mode);

    [DllImport("libc")]
    private static extern int posix_spawn_file_actions_adddup2(IntPtr actions, int from, int to);

    [DllImport("libc")]
    private static extern int posix_spawnattr_init(IntPtr attributes);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setflags(IntPtr attributes, short flags);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setsigdefault(IntPtr attributes, IntPtr signals);

    [DllImport("libc")]
    private static extern int posix_spawnattr_setsigmask(IntPtr attributes, IntPtr signals);

    [DllImport("libc")]
    private static extern int sigfillset(IntPtr signals);

    [DllImport("libc")]
    private static extern int sigemptyset(IntPtr signals);

    [DllImport("libc")]
    private static extern int posix_spawnp(
        out int id, string file, IntPtr actions, IntPtr attributes, string?[] arguments, string?[] environment);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(int descriptor, byte[] buffer, nuint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int descriptor, byte[] buffer, nuint count);

    [DllImport("libc")]
    private static extern int close(int descriptor);

    [DllImport("libc")]
    private static extern int kill(int id, int signal);

    [DllImport("libc")]
    private static extern int waitpid(int id, out int status, int options);
#pragma warning restore IDE1006
}
