using System.Text;

namespace AsyncJobs.Commands.Processes;

/// <summary>Makes a program's standard input of values.</summary>
/// <param name="encoding">How text is encoded.</param>
/// <param name="endsLines">Whether text without a line end at its end gets one, as text in a pipeline does.</param>
/// <param name="adapt">Makes a future of what can be awaited; null for anything else.</param>
internal sealed class ProgramInput(Encoding encoding, bool endsLines, Func<object, Future?> adapt)
{
    private readonly ProcessInput _input = new();
    private readonly List<byte> _bytes = [];

    /// <summary>The input of a value.</summary>
    /// <param name="value">
    /// Text, bytes, a file, a stream, something to be awaited, whose output it is; a list of these; of anything else the text.
    /// </param>
    public ProcessInput Of(object? value)
    {
        Add(value);
        EndBytes();
        return _input;
    }

    private void Add(object? value)
    {
        switch (value.Unwrap())
        {
            case null:
                break;
            case byte single:
                _bytes.Add(single);
                break;
            case byte[] bytes:
                _bytes.AddRange(bytes);
                break;
            case FileInfo file:
                EndBytes();
                _input.Add(() => FileReader.Open(file.FullName));
                break;
            case Stream stream:
                EndBytes();
                _input.Add(() => stream);
                break;
            case ProcessResult result:
                Add(result.Output);
                break;
            case string text:
                AddText(text);
                break;
            case { } awaitable when adapt(awaitable) is { } future:
                EndBytes();
                _input.Add(end => OutputOf(future, end));
                break;
            default:
                AddItems(value!);
                break;
        }
    }

    private void AddItems(object value)
    {
        if (LanguagePrimitives.GetEnumerable(value) is not { } items)
        {
            AddText(LanguagePrimitives.ConvertTo<string>(value));
            return;
        }

        foreach (object? item in items)
        {
            Add(item);
        }
    }

    private void AddText(string text)
    {
        _bytes.AddRange(encoding.GetBytes(text));
        if (endsLines && !text.EndsWith('\n'))
        {
            _bytes.AddRange(encoding.GetBytes(Environment.NewLine));
        }
    }

    private void EndBytes()
    {
        if (_bytes.Count > 0)
        {
            byte[] bytes = [.. _bytes];
            _bytes.Clear();
            _input.Add(() => new MemoryStream(bytes));
        }
    }

    private async Task<ProcessInput> OutputOf(Future future, CancellationToken end)
    {
        await ((Task)future.AsTask()).WaitAsync(end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.ThrowIfCancellationRequested();
        return future.Fault is { } fault
            ? throw new TaskFailedException(fault.Exception, fault.Detail, TaskOutput.None)
            : new ProgramInput(encoding, endsLines, adapt).Of(future.Output);
    }
}
