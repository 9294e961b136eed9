using System.ComponentModel;
using System.Diagnostics;

namespace AsyncJobs.Core.Processes;

/// <summary>One run of a program, from its start until it has ended and all that it wrote has been read.</summary>
internal sealed class ProcessRun : IOutputSource
{
    // What a program has started may hold its output open for as long as it runs, or may be about to write the rest of it.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(5);

    private readonly ProcessRequest _request;
    private readonly AsyncTask _task;
    private readonly ProcessOutput _output;
    private readonly ProcessOutput _error;
    private int _shownErrors;

    private ProcessRun(ProcessRequest request, AsyncTask task)
    {
        _request = request;
        _task = task;
        _output = new ProcessOutput(request.OutputKind, request.Encoding, PublishOutput);
        _error = new ProcessOutput(
            request.OutputKind == ProcessOutputKind.Text ? ProcessOutputKind.Text : ProcessOutputKind.Lines, request.Encoding, ShowErrors);
    }

    /// <summary>Runs a program. Stopping ends it and all that it has started.</summary>
    /// <param name="request">The program.</param>
    /// <param name="task">The task whose work it is.</param>
    /// <param name="stop">Cancelled when it is to end.</param>
    /// <exception cref="ProcessStartException">It was not started.</exception>
    public static async Task<ProcessResult> RunAsync(ProcessRequest request, AsyncTask task, CancellationToken stop)
    {
        // Starting a program takes the system a while, in which whoever starts many can do better.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        stop.ThrowIfCancellationRequested();
        return await new ProcessRun(request, task).RunAsync(stop).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void PublishOutput()
    {
        _output.Publish();
        _error.Publish();
    }

    private async Task<ProcessResult> RunAsync(CancellationToken stop)
    {
        TimeProvider clock = _task.Loop.TimeProvider;
        DateTime startTime = clock.GetLocalNow().DateTime;
        long startedAt = clock.GetTimestamp();
        using ProcessTree tree = Start();

        // Before anything is read: who comes to read the task live from now on is told of it, or asks for it.
        _task.Carrier = this;
        Task exit = tree.Program.WaitForExitAsync(CancellationToken.None);
        Task reading = Task.WhenAll(
            _output.ReadAsync(tree.Program.StandardOutput.BaseStream), _error.ReadAsync(tree.Program.StandardError.BaseStream));
        using var end = new CancellationTokenSource();
        try
        {
            Task writing = _request.Input.WriteToAsync(tree.Program.StandardInput.BaseStream, end.Token);
            await WaitForExitAsync(exit, writing, stop).ConfigureAwait(false);
            TimeSpan duration = clock.GetElapsedTime(startedAt);
            await WaitForOutputAsync(reading, clock, stop).ConfigureAwait(false);
            return new ProcessResult(_request.FilePath, _request.ArgumentList)
            {
                Id = tree.Id,
                ExitCode = tree.Program.ExitCode,
                IsSuccess = _request.SuccessCodes.Contains(tree.Program.ExitCode),
                Output = _output.ToResult(),
                Error = _error.ToResult(),
                StartTime = startTime,
                Duration = duration,
                IsOutputComplete = reading.IsCompleted,
            };
        }
        catch
        {
            await tree.KillAsync().ConfigureAwait(false);
            await Task.WhenAny(exit, Task.Delay(EndGrace, CancellationToken.None)).ConfigureAwait(false);
            throw;
        }
        finally
        {
            // What reads on drops what it reads: a closed pipe would end whoever still writes there.
            _task.WrittenOutput = new TaskOutput(_output.Close());

            // Who comes to read later than this gets the lines of both streams, too.
            _task.EndedSource = this;
            await end.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async Task WaitForOutputAsync(Task reading, TimeProvider clock, CancellationToken stop)
    {
        try
        {
            await reading.WaitAsync(OutputGrace, clock, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Of what the program has started, something runs on.
        }
    }

    /// <summary>Waits for the program's end. Input that cannot be read ends the wait; what is left of it afterwards is nobody's.</summary>
    private static async Task WaitForExitAsync(Task exit, Task writing, CancellationToken stop)
    {
        if (await Task.WhenAny(writing, exit).WaitAsync(stop).ConfigureAwait(false) == writing)
        {
            await writing.ConfigureAwait(false);
            await exit.WaitAsync(stop).ConfigureAwait(false);
        }
        else
        {
            _ = writing.ContinueWith(
                static left => left.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private ProcessTree Start()
    {
        var start = new ProcessStartInfo(_request.FilePath)
        {
            WorkingDirectory = _request.WorkingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in _request.Environment)
        {
            start.Environment[name] = value;
        }

        foreach (string argument in _request.ArgumentList)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return ProcessTree.Start(start);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException)
        {
            throw new ProcessStartException(_request.FilePath, exception);
        }
    }

    private void PublishOutput(IReadOnlyList<object?> pieces)
    {
        if (_task.HasReaders)
        {
            _task.PublishOutput(pieces);
        }
    }

    private void ShowErrors(IReadOnlyList<object?> pieces)
    {
        for (; _task.HasReaders && _shownErrors < pieces.Count; _shownErrors++)
        {
            _request.OnErrorLine?.Invoke((string)pieces[_shownErrors]!);
        }
    }
}
