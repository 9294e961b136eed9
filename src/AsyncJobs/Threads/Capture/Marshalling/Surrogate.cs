namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>
/// A value that may have to be made anew in another runspace: a script block knows the session it belongs to, and one
/// session runs no other's. What holds such a value has to be made anew with it; all else goes as it is.
/// </summary>
/// <param name="original">The value as it is here.</param>
internal abstract class Surrogate(object original)
{
    // Those that it is a part of, while it is not known to be needed.
    private List<Surrogate>? _wholes;

    /// <summary>The value as it is here.</summary>
    public object Original => original;

    /// <summary>Whether the value has to be made anew.</summary>
    public bool IsNeeded { get; private set; }

    /// <summary>Why the value cannot be made anew, where it would have to be; null where it can.</summary>
    public virtual string? Obstacle => null;

    /// <summary>Looks at the value's parts.</summary>
    public abstract void Expand(Marshaller marshaller);

    /// <summary>Makes the value; on the thread of the other runspace, anew for each run.</summary>
    public abstract object? Arrive(Materializer arrival);

    /// <summary>Notes that the value, and so all that holds it, has to be made anew.</summary>
    public void Need()
    {
        var open = new Stack<Surrogate>([this]);
        while (open.TryPop(out Surrogate? next))
        {
            next.IsNeeded = true;
            foreach (Surrogate whole in next._wholes ?? [])
            {
                if (!whole.IsNeeded)
                {
                    open.Push(whole);
                }
            }

            next._wholes = null;
        }
    }

    /// <summary>Notes that the value is a part of another.</summary>
    public void AddTo(Surrogate whole)
    {
        if (!IsNeeded)
        {
            (_wholes ??= []).Add(whole);
        }
        else if (!whole.IsNeeded)
        {
            whole.Need();
        }
    }
}
