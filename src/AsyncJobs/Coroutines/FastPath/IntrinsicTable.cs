using System.Collections.Concurrent;
using System.Reflection;

namespace AsyncJobs.Coroutines.FastPath;

/// <summary>
/// What some of our cmdlets do with nothing but their arguments, without the cmdlet: calling one costs more
/// than what it does.
/// </summary>
internal static class IntrinsicTable
{
    /// <summary>Does it, or begins the wait for it.</summary>
    /// <param name="frame">The coroutine.</param>
    /// <param name="first">The primitive.</param>
    /// <param name="second">The second argument, if the cmdlet takes one.</param>
    /// <param name="wait">What to wait for; null if it is done.</param>
    /// <returns>False if the cmdlet has to run: to convert an argument, or for its error.</returns>
    internal delegate bool Beginning(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait);

    private static readonly ConcurrentDictionary<Type, (Beginning? Begin, int Arguments)> Known = new();

    /// <summary>That of a cmdlet called with so many arguments, or null.</summary>
    public static Beginning? Of(Type cmdlet, int arguments) =>
        Known.GetOrAdd(cmdlet, Read) is { Begin: { } begin } known && known.Arguments == arguments ? begin : null;

    private static (Beginning? Begin, int Arguments) Read(Type cmdlet)
    {
        if (cmdlet.GetCustomAttribute<IntrinsicAttribute>() is not { Kind: IntrinsicKind.Call })
        {
            return default;
        }

        Type primitive = cmdlet.GetInterfaces()
            .Single(static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IIntrinsicCall<>))
            .GenericTypeArguments[0];
        MethodInfo make = typeof(IntrinsicTable).GetMethod(nameof(Make), BindingFlags.NonPublic | BindingFlags.Static)!;
        return make.MakeGenericMethod(cmdlet, primitive).CreateDelegate<Func<(Beginning?, int)>>()();
    }

    private static (Beginning? Begin, int Arguments) Make<TCommand, TPrimitive>()
        where TCommand : IIntrinsicCall<TPrimitive>
        where TPrimitive : class
    {
        return (TryBegin, TCommand.ArgumentCount);

        static bool TryBegin(CoroutineFrame frame, object? first, object? second, out WaitRequest? wait)
        {
            wait = null;
            if (first.Unwrap() is not TPrimitive primitive)
            {
                return false;
            }

            try
            {
                wait = TCommand.Begin(frame, primitive, second);
                return true;
            }
            catch (Exception exception) when (exception
                is SynchronizationLockException or SemaphoreFullException or InvalidStateException or QueueShutDownException)
            {
                // What fails has changed nothing, and fails again in the cmdlet.
                return false;
            }
        }
    }
}
