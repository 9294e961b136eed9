namespace AsyncJobs.Core.Synchronization;

/// <summary>
/// Who has used one side of a queue lately, by the numbers of their tasks: nobody is held by it. Safe from any thread.
/// </summary>
internal sealed class RecentUsers
{
    /// <summary>The number of those that are no task.</summary>
    public const int Script = 0;

    private const int Most = 4;
    private const int Nobody = -1;

    private readonly object _gate = new();

    // The latest first.
    private readonly int[] _users = [Nobody, Nobody, Nobody, Nobody];

    /// <summary>Notes a use.</summary>
    /// <param name="user">The number of the task, or <see cref="Script"/>.</param>
    public void Note(int user)
    {
        if (Volatile.Read(ref _users[0]) == user)
        {
            return;
        }

        lock (_gate)
        {
            int known = Array.IndexOf(_users, user);
            Array.Copy(_users, 0, _users, 1, known < 0 ? Most - 1 : known);
            Volatile.Write(ref _users[0], user);
        }
    }

    /// <summary>The numbers of the last few, the latest first.</summary>
    public int[] ToArray()
    {
        lock (_gate)
        {
            return Array.FindAll(_users, static user => user != Nobody);
        }
    }
}
