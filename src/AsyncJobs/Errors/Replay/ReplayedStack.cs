using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace AsyncJobs.Errors.Replay;

/// <summary>Frames of a stack trace as text, and blocks in whose own frame they can be read again.</summary>
internal sealed partial class ReplayedStack
{
    // Failures come in numbers from one place, and a block is compiled where it first runs.
    private const int MostKept = 200;

    private static readonly ConcurrentDictionary<(string Frames, string What), ScriptBlock> Kept = new();

    private readonly string _frames;
    private readonly string _places;
    private readonly int _line;

    private ReplayedStack(Match parts)
    {
        _frames = parts.Value;
        Name = parts.Groups["name"].Value;
        _places = parts.Groups["places"].Value;
        _line = int.Parse(parts.Groups["line"].ValueSpan, provider: null);
    }

    /// <summary>The statements of such a block.</summary>
    /// <param name="first">A statement that does nothing, to come first.</param>
    /// <param name="last">The place at which the block has to be when it is looked at.</param>
    internal delegate StatementAst[] Body(StatementAst first, IScriptExtent last);

    /// <summary>What the innermost one runs: <c>&lt;ScriptBlock&gt;</c>, or a function, perhaps with one of its blocks.</summary>
    public string Name { get; }

    /// <summary>Reads the lines of a stack trace; null if they cannot be told in one frame.</summary>
    public static ReplayedStack? Of(string frames) => InOne().Match(frames) is { Success: true } parts ? new ReplayedStack(parts) : null;

    /// <summary>The innermost frame, and those around it; null if there are none.</summary>
    public (ReplayedStack Own, ReplayedStack Caller)? Split() =>
        _frames.Split(Environment.NewLine, 2) is [var first, var rest]
            && Of(first) is { } own
            && Of(rest) is { } caller
            ? (own, caller)
            : null;

    /// <summary>A block whose frame reads as these frames.</summary>
    /// <param name="what">What the block does: the same text, the same statements.</param>
    /// <param name="body">Makes the block's statements.</param>
    /// <param name="isAdvanced">Whether the block has a <c>$PSCmdlet</c>.</param>
    public ScriptBlock Block(string what, Body body, bool isAdvanced = false)
    {
        if (Kept.Count >= MostKept)
        {
            Kept.Clear();
        }

        return Kept.GetOrAdd((_frames, what), _ => SharedScriptBlock.Make(() => Build(body, isAdvanced)));
    }

    private ScriptBlock Build(Body body, bool isAdvanced)
    {
        // PowerShell tells positions apart as objects, and does not say when it is at the first that it has compiled.
        var place = new ScriptPosition(_places, _line, 1, string.Empty);
        (IScriptExtent whole, IScriptExtent last) = (new ScriptExtent(place, place), new ScriptExtent(place, place));
        StatementAst first = AstBuilder.Assign(whole, "null", AstBuilder.Write(whole, new ConstantExpressionAst(whole, 0)));
        var parameters = isAdvanced
            ? new ParamBlockAst(whole, [new AttributeAst(whole, new TypeName(whole, "CmdletBinding"), [], [])], [])
            : null;
        var block = new ScriptBlockAst(whole, parameters, new StatementBlockAst(whole, body(first, last), traps: null), isFilter: false);

        // The name of a frame is that of the function.
        ScriptBlockAst script = Name == "<ScriptBlock>"
            ? block
            : new FunctionDefinitionAst(whole, isFilter: false, isWorkflow: false, Name, parameters: null, block).Body;
        return script.GetScriptBlock();
    }

    // A frame is "at name, file: line 1"; of several, what stands between the first name and the last line goes for a file.
    [GeneratedRegex(@"\Aat (?<name>.+?), (?<places>.+): line (?<line>\d+)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex InOne();
}
