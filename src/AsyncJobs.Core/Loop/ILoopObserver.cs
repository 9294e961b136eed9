namespace AsyncJobs.Core.Loop;

/// <summary>Whoever records what loops do, from outside of them; called on the turning thread, and never throws.</summary>
internal interface ILoopObserver
{
    /// <summary>A callback begins.</summary>
    /// <returns>What <see cref="CallbackEnded"/> gets.</returns>
    LoopMark CallbackBegins();

    /// <summary>A callback has ended, in any way.</summary>
    void CallbackEnded(EventLoop loop, LoopMark mark);
}
