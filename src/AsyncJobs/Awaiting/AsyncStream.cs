using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace AsyncJobs;

/// <summary>An <see cref="IAsyncEnumerable{T}"/> whose element type is not known at compile time.</summary>
internal abstract class AsyncStream
{
    private static readonly MethodInfo OpenMethod = typeof(AsyncStream).GetMethod(nameof(Open), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The element that the last successful move reached.</summary>
    public abstract object? Current { get; }

    /// <summary>Opens a value as a stream if it is one.</summary>
    /// <param name="value">The value.</param>
    /// <param name="stopping">Passed to the enumerator.</param>
    /// <param name="stream">The stream, at its start.</param>
    public static bool TryOpen(object? value, CancellationToken stopping, [NotNullWhen(true)] out AsyncStream? stream)
    {
        Type? type = value?.GetType().GetInterfaces().FirstOrDefault(
            candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
        stream = type is null
            ? null
            : (AsyncStream)OpenMethod.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [value, stopping])!;
        return stream is not null;
    }

    /// <summary>Moves to the next element; the result is false at the end.</summary>
    public abstract Task<bool> MoveNextAsync();

    /// <summary>Lets the enumerator clean up.</summary>
    public abstract ValueTask CloseAsync();

    private static Typed<T> Open<T>(IAsyncEnumerable<T> source, CancellationToken stopping) =>
        new(source.GetAsyncEnumerator(stopping));

    private sealed class Typed<T>(IAsyncEnumerator<T> enumerator) : AsyncStream
    {
        public override object? Current => enumerator.Current;

        public override Task<bool> MoveNextAsync() => enumerator.MoveNextAsync().AsTask();

        public override ValueTask CloseAsync() => enumerator.DisposeAsync();
    }
}
