using System.Reflection;

namespace AsyncJobs.Waits;

/// <summary>An event of a .NET object, or a static one of a type, whose handlers have two parameters and return nothing.</summary>
internal sealed class ObjectEvent
{
    private readonly object? _source;
    private readonly EventInfo _event;
    private readonly Type[] _parameters;

    private ObjectEvent(object? source, EventInfo found, Type[] parameters)
    {
        _source = source;
        _event = found;
        _parameters = parameters;
    }

    /// <summary>The event's name, as it was declared.</summary>
    public string Name => _event.Name;

    /// <summary>Finds an event by its name; ends the cmdlet where there is none, or none that a handler here could take.</summary>
    /// <param name="command">The cmdlet.</param>
    /// <param name="input">The object or, for its static events, the type.</param>
    /// <param name="name">The name, whose case does not matter.</param>
    public static ObjectEvent Find(PSCmdlet command, object input, string name)
    {
        object source = input.Unwrap()!;
        bool isStatic = source is Type;
        EventInfo[] events = GetEvents(source);
        string owner = isStatic ? $"The type {source}" : $"An object of type {source.GetType()}";
        EventInfo? found = Array.Find(events, each => each.Name == name)
            ?? Array.Find(events, each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            string known = events.Length == 0
                ? "It has none."
                : $"It has: {string.Join(", ", events.Select(static each => each.Name).Order().Distinct())}.";
            command.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"{owner} has no {(isStatic ? "static " : "")}event '{name}'. {known}", ErrorIds.EventNotFound, input));
        }

        MethodInfo handler = found!.EventHandlerType!.GetMethod("Invoke")!;
        Type[] parameters = Array.ConvertAll(handler.GetParameters(), static parameter => parameter.ParameterType);
        if (parameters.Length != 2 || handler.ReturnType != typeof(void)
            || parameters.Any(static type => type.IsByRef || type.IsPointer || type.IsByRefLike))
        {
            command.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"The event {found.Name} has handlers of type {found.EventHandlerType}. Only events whose handlers take two values, "
                + "such as sender and arguments, and return nothing can be waited for.",
                ErrorIds.EventNotSupported,
                input));
        }

        return new ObjectEvent(isStatic ? null : source, found, parameters);
    }

    /// <summary>The events of an object or, of a type, its static ones.</summary>
    public static EventInfo[] GetEvents(object source) => source is Type type
        ? type.GetEvents(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)
        : EventsOf(source.GetType());

    /// <summary>Has each event from now on told of, on whichever thread it comes.</summary>
    /// <param name="told">Gets the event; must be quick, and not throw.</param>
    /// <returns>Disposing of it ends that.</returns>
    public IDisposable Subscribe(Action<AsyncObjectEvent> told) => new Subscription(this, told);

    /// <summary>The event and its object, as messages call it.</summary>
    public override string ToString() => $"the event {Name} of {_source ?? _event.DeclaringType}";

    // Those that a class implements for an interface without showing them, too.
    private static EventInfo[] EventsOf(Type type) =>
        [.. type.GetEvents(), .. type.GetInterfaces().SelectMany(static each => each.GetEvents())];

    private sealed class Subscription : IDisposable
    {
        private readonly ObjectEvent _owner;
        private readonly Delegate _handler;
        private Action<AsyncObjectEvent>? _told;

        public Subscription(ObjectEvent owner, Action<AsyncObjectEvent> told)
        {
            _owner = owner;
            _told = told;
            MethodInfo handle = typeof(Subscription).GetMethod(nameof(Handle), BindingFlags.Instance | BindingFlags.NonPublic)!;
            _handler = handle.MakeGenericMethod(owner._parameters).CreateDelegate(owner._event.EventHandlerType!, this);
            Call(() => owner._event.AddEventHandler(owner._source, _handler));
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _told, null) is not null)
            {
                Call(() => _owner._event.RemoveEventHandler(_owner._source, _handler));
            }
        }

        private static void Call(Action action)
        {
            try
            {
                action();
            }
            catch (TargetInvocationException failure) when (failure.InnerException is { } inner)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            }
        }

        private void Handle<TSender, TArguments>(TSender sender, TArguments arguments) =>
            Volatile.Read(ref _told)?.Invoke(new AsyncObjectEvent(_owner.Name, DateTime.Now, sender, arguments));
    }
}
