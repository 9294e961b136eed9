using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace AsyncJobs.Waits;

/// <summary>An <see cref="IAsyncEnumerable{T}"/> whose element type is not known at compile time.</summary>
internal abstract class AsyncStream : IAsyncDisposable
{
    private static readonly MethodInfo OpenMethod =
        typeof(AsyncStream).GetMethod(nameof(Open), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly CancellationTokenSource _closing = new();
    private Task _move = Task.CompletedTask;

    /// <summary>The element that the last successful move reached.</summary>
    public abstract object? Current { get; }

    /// <summary>Cancelled when the stream is closed in the middle of a move.</summary>
    protected CancellationToken ClosingToken => _closing.Token;

    /// <summary>Opens a value as a stream if it is one.</summary>
    /// <param name="value">The value.</param>
    /// <param name="stream">The stream, at its start.</param>
    public static bool TryOpen(object? value, [NotNullWhen(true)] out AsyncStream? stream)
    {
        Type? type = value?.GetType().GetInterfaces().FirstOrDefault(
            candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
        stream = type is null ? null : (AsyncStream)OpenMethod.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [value])!;
        return stream is not null;
    }

    /// <summary>Moves to the next element; the result is false at the end.</summary>
    public Task<bool> MoveNextAsync()
    {
        Task<bool> move = MoveAsync();
        _move = move;
        return move;
    }

    /// <summary>Ends a move that is under way, then lets the enumerator clean up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);

        // An enumerator may not be disposed while it moves. How the move ended was for whoever asked for it.
        await _move.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeEnumeratorAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    protected abstract Task<bool> MoveAsync();

    protected abstract ValueTask DisposeEnumeratorAsync();

    private static Typed<T> Open<T>(IAsyncEnumerable<T> source) => new(source);

    private sealed class Typed<T> : AsyncStream
    {
        private readonly IAsyncEnumerator<T> _enumerator;

        public Typed(IAsyncEnumerable<T> source) => _enumerator = source.GetAsyncEnumerator(ClosingToken);

        public override object? Current => _enumerator.Current;

        protected override Task<bool> MoveAsync() => _enumerator.MoveNextAsync().AsTask();

        protected override ValueTask DisposeEnumeratorAsync() => _enumerator.DisposeAsync();
    }
}
