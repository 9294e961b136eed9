using System.Collections;
using System.Text;

namespace AsyncJobs.Files;

/// <summary>
/// Turns values into what a file will contain, as Set-Content does. It works on the pipeline thread: how an object
/// reads as text may need the session and its culture, and the object may change afterwards.
/// </summary>
internal sealed class FileContentBuilder(bool isBytes)
{
    private readonly List<string> _lines = [];
    private readonly List<byte[]> _blocks = [];
    private readonly List<byte> _singleBytes = [];

    /// <summary>Adds one value: one object, or a list of them.</summary>
    /// <returns>False if bytes were wanted and this is something else.</returns>
    public bool TryAdd(object? value)
    {
        value = value is PSObject { BaseObject: IList list } ? list : value;
        return isBytes ? TryAddBytes(value) : AddText(value);
    }

    public FileContent ToContent(bool endsLines, Encoding? encoding)
    {
        EndBlock();
        return isBytes ? FileContent.OfBytes(_blocks) : FileContent.OfText(_lines, endsLines, encoding);
    }

    private bool AddText(object? value)
    {
        if (value is IList items)
        {
            foreach (object? item in items)
            {
                AddItem(item);
            }
        }
        else
        {
            AddLine(value);
        }

        return true;
    }

    // Set-Content opens arrays in the list, and no deeper.
    private void AddItem(object? item)
    {
        if (item.Unwrap() is object?[] inner)
        {
            Array.ForEach(inner, AddLine);
        }
        else
        {
            AddLine(item);
        }
    }

    private void AddLine(object? item)
    {
        if (item?.ToString() is { } line)
        {
            _lines.Add(line);
        }
    }

    private bool TryAddBytes(object? value)
    {
        switch (value.Unwrap())
        {
            case null:
                return true;
            case byte single:
                _singleBytes.Add(single);
                return true;
            case byte[] block:
                EndBlock();
                _blocks.Add(block);
                return true;
            case IList items:
                return items.Cast<object?>().All(TryAddBytes);
            default:
                return false;
        }
    }

    // Bytes that come one by one make one block.
    private void EndBlock()
    {
        if (_singleBytes.Count > 0)
        {
            _blocks.Add([.. _singleBytes]);
            _singleBytes.Clear();
        }
    }
}
