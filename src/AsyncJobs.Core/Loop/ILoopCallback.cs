namespace AsyncJobs.Core.Loop;

/// <summary>A callback of the loop without a delegate, for who is resumed by the hundred thousand.</summary>
internal interface ILoopCallback
{
    /// <summary>Runs it, on the turning thread.</summary>
    void Run();
}
