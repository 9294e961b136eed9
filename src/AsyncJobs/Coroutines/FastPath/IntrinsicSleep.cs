using System.Reflection;

namespace AsyncJobs.Coroutines.FastPath;

/// <summary><c>Start-AsyncSleep</c> with a plain time and nothing else said, as what is awaited: its task is made without calling the cmdlet.</summary>
internal sealed class IntrinsicSleep : IntrinsicStart
{
    private readonly InlineExpression _time;
    private readonly bool _isMilliseconds;
    private readonly TaskOptions _options;

    private IntrinsicSleep(InlineExpression time, bool isMilliseconds, IScriptExtent place) =>
        (_time, _isMilliseconds, _options) = (time, isMilliseconds, new TaskOptions { Origin = Extents.PlaceOf(place), Command = "Start-AsyncSleep" });

    /// <summary>A command as such a sleep, or null.</summary>
    public static IntrinsicSleep? Of(CompilationUnit unit, CommandAst command)
    {
        if (Intrinsics.Of(unit, command)?.GetCustomAttribute<IntrinsicAttribute>() is not { Kind: IntrinsicKind.Sleep })
        {
            return null;
        }

        (InlineExpression? time, bool isMilliseconds) = command.CommandElements switch
        {
            [_, ExpressionAst seconds] => (InlineExpression.Of(seconds), false),
            [_, CommandParameterAst { Argument: null, ParameterName: { } parameter }, ExpressionAst given] when IsMilliseconds(parameter) => (InlineExpression.Of(given), true),
            _ => (null, false),
        };
        return time is null ? null : new IntrinsicSleep(time, isMilliseconds, command.Extent);
    }

    /// <inheritdoc/>
    public override AsyncTask? TryStart(CoroutineFrame frame)
    {
        if (!frame.MayRunCommand(isOwn: true) || !_time.TryGet(frame, out object? value) || DelayOf(value.Unwrap()) is not { } delay)
        {
            return null;
        }

        return InGroup(frame, _options) is { } options ? Sleep.Start(frame.Session, delay, TaskOutput.None, options) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"sleep {_time}{(_isMilliseconds ? " ms" : "")}";

    private static bool IsMilliseconds(string parameter) =>
        parameter.Equals("Milliseconds", StringComparison.OrdinalIgnoreCase) || parameter.Equals("ms", StringComparison.OrdinalIgnoreCase);

    // What the cmdlet would have to convert, or refuse, is for it.
    private TimeSpan? DelayOf(object? value) => value switch
    {
        int milliseconds when _isMilliseconds => milliseconds < 0 ? null : TimeSpan.FromMilliseconds(milliseconds),
        int seconds and >= 0 and <= (int)SecondsRange.Longest => TimeSpan.FromSeconds(seconds),
        double seconds and >= 0 and <= SecondsRange.Longest when !_isMilliseconds => TimeSpan.FromSeconds(seconds),
        _ => null,
    };
}
