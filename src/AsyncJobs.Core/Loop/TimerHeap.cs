namespace AsyncJobs.Core.Loop;

/// <summary>
/// Timers by the time at which they fall due, and of those that fall due together the first set first: a binary heap whose
/// entries know their places, so that one is taken out without looking for it. Not safe from several threads.
/// </summary>
internal sealed class TimerHeap
{
    private const int FewEntries = 16;

    // The first has place 1, and those behind place n are in 2n and 2n + 1.
    private Entry[] _entries = new Entry[FewEntries];
    private long _lastNumber;

    public int Count { get; private set; }

    /// <summary>The next, and when it falls due; there is one.</summary>
    public (ITimed Timed, long Due) Next => (_entries[1].Timed, _entries[1].Due);

    public void Add(ITimed timed, long due)
    {
        if (++Count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * _entries.Length);
        }

        Rise(Count, new Entry(due, ++_lastNumber, timed));
    }

    /// <summary>Takes one out; false if it is not in.</summary>
    public bool Remove(ITimed timed)
    {
        int place = timed.TimerPlace;
        if (place == 0)
        {
            return false;
        }

        timed.TimerPlace = 0;
        Entry last = _entries[Count];
        _entries[Count--] = default;
        if (place <= Count)
        {
            if (place > 1 && last.IsBefore(_entries[place / 2]))
            {
                Rise(place, last);
            }
            else
            {
                Sink(place, last);
            }
        }

        if (Count < _entries.Length / 4 && _entries.Length > FewEntries)
        {
            Array.Resize(ref _entries, _entries.Length / 2);
        }

        return true;
    }

    // From a free place towards the first.
    private void Rise(int place, Entry entry)
    {
        for (; place > 1 && entry.IsBefore(_entries[place / 2]); place /= 2)
        {
            Put(_entries[place / 2], place);
        }

        Put(entry, place);
    }

    // From a free place towards the last.
    private void Sink(int place, Entry entry)
    {
        while (2 * place <= Count)
        {
            int behind = 2 * place;
            if (behind < Count && _entries[behind + 1].IsBefore(_entries[behind]))
            {
                behind++;
            }

            if (!_entries[behind].IsBefore(entry))
            {
                break;
            }

            Put(_entries[behind], place);
            place = behind;
        }

        Put(entry, place);
    }

    private void Put(Entry entry, int place)
    {
        _entries[place] = entry;
        entry.Timed.TimerPlace = place;
    }

    private readonly record struct Entry(long Due, long Number, ITimed Timed)
    {
        public bool IsBefore(Entry other) => Due < other.Due || (Due == other.Due && Number < other.Number);
    }
}
