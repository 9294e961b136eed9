using System.Management.Automation;
using System.Management.Automation.Language;

namespace AsyncJobs;

/// <summary>
/// A copy of a record that was thrown again, with a stack trace of the frames given and of those that are there: PowerShell
/// gives a record its trace together with its position and command, when it is thrown first. So the copy is thrown by a
/// command of the same name at the same place.
/// </summary>
internal static class FailureCopy
{
    private const string RecordName = CoroutineUnit.TemporaryPrefix + "Failure";

    /// <summary>Throws a copy natively.</summary>
    /// <param name="frames">The frames it failed in, as text.</param>
    /// <param name="record">The record.</param>
    /// <param name="session">That of whoever awaits.</param>
    /// <returns>The exception to throw; null if the frames are not such that they can be told again.</returns>
    public static RuntimeException? ThrownFrom(string frames, ErrorRecord record, SessionState session) => ToldFrames.Of(frames) is not { } told
        ? null
        : record.InvocationInfo.MyCommand switch
        {
            CmdletInfo cmdlet when IdWithout(cmdlet.ImplementingType.FullName!, record) is { } id => ThrownByCmdlet(told, record, id, cmdlet, session),
            FunctionInfo { Name: var name } when IdWithout(name, record) is { } id && told.Name.Split('<')[0] == name && told.Split() is { } split =>
                ThrownByFunction(split.Own, split.Caller, record, id, name),
            _ => ThrownByScript(told, record),
        };

    // PowerShell puts the command that throws at its end.
    private static string? IdWithout(string command, ErrorRecord record) =>
        record.FullyQualifiedErrorId is { } id && id.EndsWith($",{command}", StringComparison.Ordinal) ? id[..^(command.Length + 1)] : null;

    /// <summary>The error of a cmdlet: one of its name throws it.</summary>
    private static RuntimeException? ThrownByCmdlet(ToldFrames frames, ErrorRecord record, string id, CmdletInfo cmdlet, SessionState session)
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
            IScriptExtent position = ErrorPosition.Of(call);
            return ThrownBy(Calling(frames, name, position, Factory.Variable(position, RecordName)), BlockWithin.NoFunctions, CopyOf(record, id));
        }
        finally
        {
            commands.PreCommandLookupAction = before;
        }
    }

    /// <summary>The error of a function: one of its name throws it, from a frame that reads as its own.</summary>
    private static RuntimeException? ThrownByFunction(ToldFrames own, ToldFrames caller, ErrorRecord record, string id, string name)
    {
        ScriptBlock thrower = own.Block(
            "function",
            static (first, last) => [first, Factory.Pipeline(last, Factory.Call(last, ThrowRecordCommand.Info, Factory.Variable(last, RecordName), Factory.Variable(last, "PSCmdlet")))],
            isAdvanced: true);
        return ThrownBy(Calling(caller, name, ErrorPosition.Of(record.InvocationInfo)), new Dictionary<string, ScriptBlock> { [name] = thrower }, CopyOf(record, id));
    }

    private static ScriptBlock Calling(ToldFrames frames, string name, IScriptExtent position, params CommandElementAst[] arguments) => frames.Block(
        $"{name} {TextOf(position)}",
        (first, last) =>
        [
            first,
            Factory.Pipeline(last, new CommandAst(position, [new StringConstantExpressionAst(position, name, StringConstantType.BareWord), .. arguments], TokenKind.Unknown, redirections: null)),
        ]);

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
    private static RuntimeException? ThrownByScript(ToldFrames frames, ErrorRecord record)
    {
        IScriptExtent position = ErrorPosition.Of(record.InvocationInfo);
        ScriptBlock block = frames.Block(
            TextOf(position),
            (first, last) =>
            {
                var failure = new StatementBlockAst(last, [first, Factory.Write(last, Factory.Variable(last, RecordName))], traps: null);
                return [new ThrowStatementAst(position, Factory.Write(position, new SubExpressionAst(first.Extent, failure)))];
            });
        RuntimeException copy = ScriptThrow.Of(CopyOf(record, record.FullyQualifiedErrorId));
        try
        {
            Run(block, BlockWithin.NoFunctions, copy);
            return null;
        }
        catch (RuntimeException thrown) when (ReferenceEquals(thrown, copy))
        {
            return copy;
        }
    }

    private static void Run(ScriptBlock block, Dictionary<string, ScriptBlock> functions, object failure) => block.InvokeWithContext(
        functions, [new PSVariable(RecordName, failure), new PSVariable("ErrorActionPreference", ActionPreference.Stop)]);

    private static string TextOf(IScriptExtent position) =>
        $"{position.File}:{position.StartLineNumber},{position.StartColumnNumber} {position.Text}\n{position.StartScriptPosition.Line}";

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
}
