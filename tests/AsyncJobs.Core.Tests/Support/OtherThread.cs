using System.Runtime.ExceptionServices;

namespace AsyncJobs.Core.Tests;

/// <summary>A thread of its own beside the test's; what it throws is thrown by <see cref="Join"/>.</summary>
internal sealed class OtherThread
{
    private readonly Thread _thread;
    private Exception? _error;

    private OtherThread(Action action)
    {
        _thread = new Thread(() => _error = Record.Exception(action)) { IsBackground = true };
    }

    public static OtherThread Start(Action action)
    {
        var other = new OtherThread(action);
        other._thread.Start();
        return other;
    }

    public void Join()
    {
        Assert.True(_thread.Join(Limit.Span), "the other thread did not end in time");
        if (_error is not null)
        {
            ExceptionDispatchInfo.Throw(_error);
        }
    }
}
