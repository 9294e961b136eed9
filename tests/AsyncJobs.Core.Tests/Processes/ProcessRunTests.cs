using System.Text;

namespace AsyncJobs.Core.Tests;

/// <summary>Runs of a real shell; nothing to test where there is none.</summary>
public class ProcessRunTests
{
    private readonly TaskRunner _runner = new(new EventLoop(), registry: null);

    [Fact]
    public async Task RunAsync_Program_GivesCodeOutputAndError()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var result = (ProcessResult)(await Run("echo out; echo err >&2; exit 7").Within())!;

        Assert.Equal((7, "out", "err"), (result.ExitCode, result.Output, result.Error));
        Assert.True(result.IsOutputComplete);
        Assert.False(result.IsSuccess);
        Assert.Contains("exit code 7: err", new ProcessExitException(result).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_BothStreamsFull_EndsAll()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const string Script = "i=0; while [ $i -lt 20000 ]; do echo outoutoutoutout; echo errerrerrerr >&2; i=$((i+1)); done";
        var result = (ProcessResult)(await Run(Script, request => request with { Input = InputOf(new byte[1_000_000]) }).Within())!;

        Assert.Equal((20_000, 20_000), (((string[])result.Output!).Length, ((string[])result.Error!).Length));
    }

    [Fact]
    public async Task RunAsync_InputFails_EndsTheProgramAndFails()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var input = new ProcessInput();
        input.Add(static () => throw new FileNotFoundException("no input"));

        AsyncTask task = Run("cat; sleep 1000", request => request with { Input = input });

        await task.EndWithin();
        Assert.IsType<FileNotFoundException>(task.Exception);
    }

    [Fact]
    public async Task RunAsync_OutputHeldOpen_EndsAfterAWhileAndReadsOn()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string mark = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            // What is left running would be ended by writing to a closed pipe.
            AsyncTask task = Run($"(while [ ! -e {mark} ]; do sleep 0.05; done; echo late; echo alive > {mark}) & echo early");

            var result = (ProcessResult)(await task.Within())!;
            Assert.Equal("early", result.Output);
            Assert.False(result.IsOutputComplete);
            File.WriteAllText(mark, "");
            Limit.Until(() => new FileInfo(mark).Length > 0);
        }
        finally
        {
            File.Delete(mark);
        }
    }

    [Theory]
    [InlineData("sleep {0}")]
    [InlineData("trap '' TERM HUP INT; sleep {0} & wait; sleep {0}")]
    [InlineData("(sleep {0} & ) ; exec sleep {0}")]
    [InlineData("sleep {0} & echo started; exit 0")]
    [InlineData("env -i sleep {0} & wait")]
    public async Task RunAsync_Stopped_LeavesNothingOfTheTree(string script)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string seconds = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Random.Shared.Next(100_000, 999_999)}");
        AsyncTask task = Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, seconds));
        Limit.Until(() => CountOf(seconds) > 0);

        task.Cancel("enough");
        await task.EndWithin();

        Assert.Equal(AsyncState.Stopped, task.State);
        Assert.Equal(0, CountOf(seconds));
    }

    [Fact]
    public async Task RunAsync_ReadLive_GivesLinesAndNotTheResult()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var errors = new List<string>();
        using var announced = new SemaphoreSlim(0);
        AsyncTask task = Run("echo a; echo e >&2; read wait; echo b", request => request with
        {
            OnErrorLine = errors.Add,
            Input = InputOf(new LateLine(announced)),
        });
        var reader = new LiveOutput(task, _ => announced.Release());
        task.AddReader(reader);
        await task.EndWithin();

        Assert.Equal(["a", "b"], All(reader));
        Assert.Equal(["e"], errors);

        // One that comes late gets what was written as well.
        Assert.Equal(["a", "b"], All(new LiveOutput(task, static _ => { })));
    }

    private static List<object?> All(LiveOutput reader)
    {
        var all = new List<object?>();
        while (reader.TryRead(out object? written))
        {
            all.Add(written);
        }

        return all;
    }

    private static int CountOf(string seconds) => LinuxProcess.All().Count(one =>
        !one.HasEnded && File.Exists($"/proc/{one.Id}/cmdline") && CommandLineOf(one.Id).Contains("sleep\0" + seconds, StringComparison.Ordinal));

    private static string CommandLineOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static ProcessInput InputOf(byte[] bytes) => InputOf(new MemoryStream(bytes));

    private static ProcessInput InputOf(Stream stream)
    {
        var input = new ProcessInput();
        input.Add(() => stream);
        return input;
    }

    private AsyncTask Run(string script, Func<ProcessRequest, ProcessRequest>? change = null)
    {
        var request = new ProcessRequest
        {
            FilePath = "/bin/sh",
            ArgumentList = ["-c", script],
            WorkingDirectory = Path.GetTempPath(),
            Environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/bin:/usr/bin" },
            Encoding = Encoding.UTF8,
        };
        request = change?.Invoke(request) ?? request;
        return _runner.Start(
            AsyncTaskKind.IO, async (task, stop) => await ProcessRun.RunAsync(request, task, stop), new TaskOptions());
    }

    /// <summary>One line, once something has been announced.</summary>
    private sealed class LateLine(SemaphoreSlim announced) : MemoryStream
    {
        private bool _isRead;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_isRead)
            {
                return 0;
            }

            await announced.WaitAsync(cancellationToken);
            _isRead = true;
            buffer.Span[0] = (byte)'\n';
            return 1;
        }
    }
}
