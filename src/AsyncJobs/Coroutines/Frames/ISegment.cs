namespace AsyncJobs.Coroutines.Frames;

/// <summary>Statements that run natively, in one go, in the scope of a frame.</summary>
internal interface ISegment
{
    /// <summary>Runs the statements; what they write goes to the frame's output.</summary>
    void Run(CoroutineFrame frame);
}
