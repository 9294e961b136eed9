namespace AsyncJobs.Waits;

/// <summary>
/// A wait for the next event of an object that passes a filter. The handler stays on the object until one has, so that none is
/// missed while the filter looks at another.
/// </summary>
internal sealed class ObjectEventWait : IDisposable
{
    private readonly EventLoop _loop;
    private readonly ObjectEvent _source;
    private readonly ScriptBlock? _filter;
    private readonly WaitLimit? _limit;
    private readonly AsyncQueue _events = new();
    private readonly IDisposable _subscription;

    /// <summary>Begins to listen.</summary>
    /// <param name="loop">The loop of the one who waits.</param>
    /// <param name="source">The event.</param>
    /// <param name="filter">Says whether an event is the one, which is its <c>$_</c>; null for the first to come.</param>
    /// <param name="limit">How long at most; null for no limit.</param>
    public ObjectEventWait(EventLoop loop, ObjectEvent source, ScriptBlock? filter, WaitLimit? limit)
    {
        _loop = loop;
        _source = source;
        _filter = filter;
        _limit = limit;
        _subscription = source.Subscribe(_events.Offer);
    }

    /// <summary>Listens no longer.</summary>
    public void Dispose() => _subscription.Dispose();

    /// <summary>What to wait for: an event, and another as long as none has passed.</summary>
    public WaitRequest Next()
    {
        Task<object?>? next = null;
        WaitRequest request = PrimitiveRequest.For(
            _loop,
            _source,
            giveUp => next = _events.GetAsync(giveUp),
            settle: _ => Dispose(),
            _limit,
            _filter is null ? () => Passed(next!.Result) : null);
        return request with
        {
            Ending = WaitCompletion.Open,
            Otherwise = command =>
            {
                Dispose();
                request.Otherwise(command);
            },
            Next = _filter is null ? null : command => Look(command, next!.Result),
            Abandon = Dispose,
        };
    }

    private object? Passed(object? come)
    {
        Dispose();
        return come;
    }

    private WaitRequest? Look(LoopCommand command, object? come)
    {
        bool isOver = true;
        try
        {
            do
            {
                var found = (AsyncObjectEvent)come!;
                object?[] arguments = [.. found.SourceArgs];
                if (LanguagePrimitives.IsTrue(_filter!.InvokeWithContext(functionsToDefine: null, [new PSVariable("_", found)], arguments)))
                {
                    command.WriteObject(found);
                    return null;
                }
            }
            while (_events.TryGet(out come));

            if (_limit is { HasPassed: true })
            {
                LoopCommand.Throw(PrimitiveRequest.LateError(_source, _limit));
            }

            isOver = false;
            return Next();
        }
        finally
        {
            if (isOver)
            {
                Dispose();
            }
        }
    }
}
