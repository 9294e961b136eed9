using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace AsyncJobs;

/// <summary>
/// A copy of a record that was thrown again, with a stack trace of the frames given and of those that are there: PowerShell
/// gives a record its trace together with its position and command, when it is thrown first.
/// </summary>
internal static partial class FailureCopy
{
    private const string RecordName = CoroutineUnit.TemporaryPrefix + "Failure";

    /// <summary>Throws a copy natively, from one frame that reads as all those given.</summary>
    /// <param name="frames">The frames it failed in, as text.</param>
    /// <param name="record">The record.</param>
    /// <param name="session">That of whoever awaits.</param>
    /// <returns>The exception to throw; null if the frames are not such that they can be told again.</returns>
    public static RuntimeException? ThrownFrom(string frames, ErrorRecord record, SessionState session)
    {
        if (FirstAndLast().Match(frames) is not { Success: true } parts)
        {
            return null;
        }

        return record.InvocationInfo.MyCommand switch
        {
            CmdletInfo cmdlet when IdWithout(cmdlet.ImplementingType.FullName!, record) is { } id => ThrownByCmdlet(parts, record, id, cmdlet, session),
            FunctionInfo function when IdWithout(function.Name, record) is { } id && FunctionAndCaller(frames, function.Name) is var (own, caller) => ThrownByFunction(own, caller, record, id, function.Name),
            _ => ThrownByScript(parts, record),
        };
    }

    // PowerShell puts it there for the command that throws.
    private static string? IdWithout(string command, ErrorRecord record) =>
        record.FullyQualifiedErrorId is { } id && id.EndsWith($",{command}", StringComparison.Ordinal) ? id[..^(command.Length + 1)] : null;

    /// <summary>The error of a cmdlet: one of its name throws it.</summary>
    private static RuntimeException? ThrownByCmdlet(Match frames, ErrorRecord record, string id, CmdletInfo cmdlet, SessionState session)
    {
        InvocationInfo call = record.InvocationInfo;
        string name = string.IsNullOrEmpty(call.InvocationName) ? cmdlet.Name : call.InvocationName;
        CmdletInfo thrower = NamesakeCommands<ThrowRecordCommand>.For(cmdlet);

        // A cmdlet's own InvokeCommand has no say in what PowerShell looks up.
        CommandInvocationIntrinsics commands = ((EngineIntrinsics)session.PSVariable.GetValue("ExecutionContext")).InvokeCommand;
        EventHandler<CommandLookupEventArgs> before = commands.PreCommandLookupAction;
        commands.PreCommandLookupAction = (_, lookup) =>
        {
            if (lookup.CommandName == name)
            {
                (lookup.Command, lookup.StopSearch) = (thrower, true);
            }
        };
        try
        {
            return ThrownBy(Calling(frames, ErrorPosition.Of(call), name, Factory.Variable(ErrorPosition.Of(call), RecordName)), BlockWithin.NoFunctions, CopyOf(record, id));
        }
        finally
        {
            commands.PreCommandLookupAction = before;
        }
    }

    /// <summary>The error of a function: one of its name throws it, from a frame that reads as its own.</summary>
    private static RuntimeException? ThrownByFunction(Match frame, Match caller, ErrorRecord record, string id, string name)
    {
        ScriptBlock thrower = Standing(
            frame,
            (first, last) => [first, new PipelineAst(last, Factory.Call(last, ThrowRecordCommand.Info, Factory.Variable(last, RecordName), Factory.Variable(last, "PSCmdlet")))],
            isAdvanced: true);
        return ThrownBy(Calling(caller, ErrorPosition.Of(record.InvocationInfo), name), new Dictionary<string, ScriptBlock> { [name] = thrower }, CopyOf(record, id));
    }

    private static ScriptBlock Calling(Match frames, IScriptExtent position, string name, params CommandElementAst[] arguments)
    {
        var call = new CommandAst(position, [new StringConstantExpressionAst(position, name, StringConstantType.BareWord), .. arguments], TokenKind.Unknown, redirections: null);
        return Standing(frames, (first, last) => [first, new PipelineAst(last, call)]);
    }

    private static RuntimeException? ThrownBy(ScriptBlock block, Dictionary<string, ScriptBlock> functions, ErrorRecord copy)
    {
        try
        {
            Run(block, functions, copy);
            return null;
        }
        catch (RuntimeException) when (copy.InvocationInfo is not null)
        {
            return ScriptThrow.Of(copy);
        }
    }

    /// <summary>Another error: <c>throw $($null = 0; $failure)</c>. It stands where the error was, what it evaluates last where the frames were.</summary>
    private static RuntimeException? ThrownByScript(Match frames, ErrorRecord record)
    {
        RuntimeException copy = ScriptThrow.Of(CopyOf(record, record.FullyQualifiedErrorId));
        IScriptExtent position = ErrorPosition.Of(record.InvocationInfo);
        try
        {
            Run(
                Standing(frames, (first, last) =>
                {
                    var failure = new StatementBlockAst(last, [first, Factory.Write(last, Factory.Variable(last, RecordName))], traps: null);
                    return [new ThrowStatementAst(position, Factory.Write(position, new SubExpressionAst(first.Extent, failure)))];
                }),
                BlockWithin.NoFunctions,
                copy);
            return null;
        }
        catch (RuntimeException thrown) when (ReferenceEquals(thrown, copy))
        {
            return copy;
        }
    }

    private static void Run(ScriptBlock block, Dictionary<string, ScriptBlock> functions, object failure) => block.InvokeWithContext(
        functions, [new PSVariable(RecordName, failure), new PSVariable("ErrorActionPreference", ActionPreference.Stop)]);

    private static ErrorRecord CopyOf(ErrorRecord record, string errorId)
    {
        ErrorCategoryInfo category = record.CategoryInfo;
        var copy = new ErrorRecord(record.Exception, errorId, category.Category, record.TargetObject) { ErrorDetails = record.ErrorDetails };
        copy.CategoryInfo.Activity = category.Activity;
        copy.CategoryInfo.Reason = category.Reason;
        copy.CategoryInfo.TargetName = category.TargetName;
        copy.CategoryInfo.TargetType = category.TargetType;
        return copy;
    }

    /// <summary>A block whose frame reads as those given.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="body">Its statements: given one that does nothing, to come first, and the place where it stands at last.</param>
    /// <param name="isAdvanced">Whether it has a <c>$PSCmdlet</c>.</param>
    private static ScriptBlock Standing(Match frames, Func<StatementAst, IScriptExtent, StatementAst[]> body, bool isAdvanced = false)
    {
        var place = new ScriptPosition(frames.Groups["places"].Value, int.Parse(frames.Groups["line"].ValueSpan, provider: null), 1, string.Empty);

        // PowerShell tells positions apart as objects, and does not say when it is at the first that it has compiled.
        (IScriptExtent whole, IScriptExtent last) = (new ScriptExtent(place, place), new ScriptExtent(place, place));
        StatementAst first = Factory.Assign(whole, "null", Factory.Write(whole, new ConstantExpressionAst(whole, 0)));
        var parameters = isAdvanced ? new ParamBlockAst(whole, [new AttributeAst(whole, new TypeName(whole, "CmdletBinding"), [], [])], []) : null;
        var block = new ScriptBlockAst(whole, parameters, new StatementBlockAst(whole, body(first, last), traps: null), isFilter: false);

        // The name of a frame is that of the function.
        string name = frames.Groups["name"].Value;
        return (name == "<ScriptBlock>" ? block : new FunctionDefinitionAst(whole, isFilter: false, isWorkflow: false, name, parameters: null, block).Body).GetScriptBlock();
    }

    // The frames of a function that failed, and of what called it.
    private static (Match Function, Match Caller)? FunctionAndCaller(string frames, string name)
    {
        string[] lines = frames.Split(Environment.NewLine, 2);
        return lines.Length == 2
            && FirstAndLast().Match(lines[0]) is { Success: true } function && function.Groups["name"].Value.Split('<')[0] == name
            && FirstAndLast().Match(lines[1]) is { Success: true } caller
            ? (function, caller)
            : null;
    }

    // A frame is "at name, file: line 1"; of several, what stands between the first name and the last line goes for a file.
    [GeneratedRegex(@"\Aat (?<name>.+?), (?<places>.+): line (?<line>\d+)\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex FirstAndLast();
}
