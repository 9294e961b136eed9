using System.Management.Automation.Host;

namespace AsyncJobs.Threads.Pool;

/// <summary>A screen that is not there, as wide as that of the session which has started the task: what is formatted fits.</summary>
/// <param name="streams">The streams of the worker's pipeline.</param>
internal sealed class WorkerRawUI(PipelineStreams streams) : PSHostRawUserInterface
{
    private static readonly Size Usual = new(120, 50);

    public override Size BufferSize
    {
        get
        {
            try
            {
                return streams.Target?.Work.Caller.Host.UI?.RawUI?.BufferSize is { Width: > 0 } size ? size : Usual;
            }
            catch (Exception exception) when (exception is HostException or IOException or NotImplementedException)
            {
                return Usual;
            }
        }

        set
        {
        }
    }

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; }

    public override bool KeyAvailable => false;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override Size MaxWindowSize => BufferSize;

    public override Coordinates WindowPosition { get; set; }

    public override Size WindowSize
    {
        get => BufferSize;
        set => BufferSize = value;
    }

    public override string WindowTitle { get; set; } = string.Empty;

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => new BufferCell[0, 0];

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw WorkerHostUI.NotInteractive();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
    {
    }

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
    {
    }

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
    }
}
