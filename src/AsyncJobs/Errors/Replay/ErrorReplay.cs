namespace AsyncJobs.Errors.Replay;

/// <summary>
/// A copy of a record that was thrown again, with a stack trace of the frames given and of those that are there, and perhaps
/// another target: PowerShell gives a record its trace together with its position and command, when it is thrown first. So
/// the copy is thrown by a command of the same name at the same place.
/// </summary>
/// <param name="record">The record.</param>
/// <param name="target">The target of the copy.</param>
/// <param name="session">The session state of whoever awaits.</param>
internal sealed class ErrorReplay(ErrorRecord record, object? target, SessionState session)
{
    private const string RecordName = OwnNames.Prefix + "Failure";

    /// <summary>Throws a copy natively.</summary>
    /// <param name="frames">The frames it failed in, as text.</param>
    /// <returns>The exception to throw; null if the frames are not such that they can be told again.</returns>
    public RuntimeException? ThrownFrom(string frames) =>
        ReplayedStack.Of(frames) is not { } told ? null : record.InvocationInfo.MyCommand switch
        {
            CmdletInfo cmdlet when IdWithout(cmdlet.ImplementingType.FullName!) is { } id => ThrownByCmdlet(told, id, cmdlet),
            FunctionInfo or ExternalScriptInfo or ScriptInfo when ScriptOf() is var (name, id)
                && told.Split() is { } split && split.Own.Name.Split('<', 2)[0] == name =>
                ThrownByScriptCommand(split.Own, split.Caller, id),
            null when record.InvocationInfo.InvocationName is { Length: > 0 } name => ThrownByLookup(told, name),
            _ => ThrownByScript(told),
        };

    /// <summary>A copy that has no position yet.</summary>
    public ErrorRecord Copy(string errorId)
    {
        ErrorCategoryInfo category = record.CategoryInfo;
        var copy = new ErrorRecord(record.Exception, errorId, category.Category, target)
        {
            ErrorDetails = record.ErrorDetails,
        };
        copy.CategoryInfo.Activity = category.Activity;
        copy.CategoryInfo.Reason = category.Reason;
        copy.CategoryInfo.TargetName = category.TargetName;
        if (ReferenceEquals(target, record.TargetObject))
        {
            copy.CategoryInfo.TargetType = category.TargetType;
        }

        return copy;
    }

    // PowerShell puts the command that throws at its end.
    private string? IdWithout(string command) =>
        record.FullyQualifiedErrorId is { } id && id.EndsWith($",{command}", StringComparison.Ordinal) ? id[..^(command.Length + 1)] : null;

    // What its frame is called, and the error id; that of a script file's is as that of a block's.
    private (string Name, string Id)? ScriptOf() => record.InvocationInfo.MyCommand switch
    {
        ScriptInfo => (string.Empty, record.FullyQualifiedErrorId),
        { Name: var name } command when IdWithout(name) is { } id => (command is FunctionInfo ? name : string.Empty, id),
        _ => null,
    };

    /// <summary>The error of a cmdlet: one of its name throws it.</summary>
    private RuntimeException? ThrownByCmdlet(ReplayedStack frames, string id, CmdletInfo cmdlet)
    {
        InvocationInfo call = record.InvocationInfo;
        string name = string.IsNullOrEmpty(call.InvocationName) ? cmdlet.Name : call.InvocationName;
        IScriptExtent position = ErrorPosition.Of(call);
        ScriptBlock block = Calling(
            frames,
            name,
            position,
            new CommandAst(position, [Name(position, name), AstBuilder.Variable(position, RecordName)], TokenKind.Unknown, null));
        return WithCommand(
            name,
            CmdletImpersonation<ThrowRecordCommand>.For(cmdlet),
            () => ThrownBy(block, ScriptFrame.NoFunctions, Copy(id)));
    }

    /// <summary>The error of a command that could not be found, or not be made.</summary>
    private RuntimeException? ThrownByLookup(ReplayedStack frames, string name)
    {
        IScriptExtent position = ErrorPosition.Of(record.InvocationInfo);
        ScriptBlock block = Calling(frames, name, position, new CommandAst(position, [Name(position, name)], TokenKind.Unknown, null));
        RuntimeException failure = ScriptThrow.Of(Copy(record.FullyQualifiedErrorId));
        return WithCommand(name, SendAsyncFailureCommand.Info, () =>
        {
            try
            {
                SendAsyncFailureCommand.Failure = failure;
                Run(block, ScriptFrame.NoFunctions, failure);
                return null;
            }
            catch (RuntimeException thrown) when (thrown.ErrorRecord.Exception == record.Exception)
            {
                return ScriptThrow.Of(thrown.ErrorRecord);
            }
            finally
            {
                SendAsyncFailureCommand.Failure = null;
            }
        });
    }

    /// <summary>Does something while a name means a command of ours.</summary>
    private T WithCommand<T>(string name, CmdletInfo command, Func<T> action)
    {
        // A cmdlet's own InvokeCommand has no say in what PowerShell looks up.
        CommandInvocationIntrinsics commands = ((EngineIntrinsics)session.PSVariable.GetValue("ExecutionContext")).InvokeCommand;
        EventHandler<CommandLookupEventArgs> before = commands.PreCommandLookupAction;
        commands.PreCommandLookupAction = (_, lookup) =>
        {
            if (lookup.CommandName == name)
            {
                (lookup.Command, lookup.StopSearch) = (command, true);
            }
        };
        try
        {
            return action();
        }
        finally
        {
            commands.PreCommandLookupAction = before;
        }
    }

    /// <summary>
    /// The error of a function, a block or a script file: a function of its name or a block throws it, from a frame that
    /// reads as its own. A script file is given as a function of its name, since nothing makes one.
    /// </summary>
    private RuntimeException? ThrownByScriptCommand(ReplayedStack own, ReplayedStack caller, string id)
    {
        ScriptBlock thrower = own.Block(
            "function",
            static (first, last) =>
            [
                first,
                AstBuilder.Pipeline(last, AstBuilder.Call(
                    last, SendAsyncRecordCommand.Info, AstBuilder.Variable(last, RecordName), AstBuilder.Variable(last, "PSCmdlet"))),
            ],
            isAdvanced: true);
        InvocationInfo call = record.InvocationInfo;
        IScriptExtent position = ErrorPosition.Of(call);
        TokenKind way = call.InvocationName switch
        {
            "&" => TokenKind.Ampersand,
            "." => TokenKind.Dot,
            _ => TokenKind.Unknown,
        };
        return call.MyCommand is ScriptInfo
            ? ThrownBy(
                Calling(caller, $"{way}", position, new CommandAst(position, [new ConstantExpressionAst(position, thrower)], way, null)),
                ScriptFrame.NoFunctions,
                Copy(id))
            : ThrownBy(
                Calling(
                    caller,
                    $"{way} {call.MyCommand.Name}",
                    position,
                    new CommandAst(position, [Name(position, call.MyCommand.Name)], way, null)),
                new Dictionary<string, ScriptBlock> { [call.MyCommand.Name] = thrower },
                Copy(id));
    }

    private static StringConstantExpressionAst Name(IScriptExtent position, string name) =>
        new(position, name, StringConstantType.BareWord);

    private static ScriptBlock Calling(ReplayedStack frames, string what, IScriptExtent position, CommandAst call) =>
        frames.Block($"{what} {TextOf(position)}", (first, last) => [first, AstBuilder.Pipeline(last, call)]);

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

    /// <summary>
    /// Another error: <c>throw $($null = 0; $failure)</c>. It stands where the error was, what it evaluates last where
    /// the frames were.
    /// </summary>
    private RuntimeException? ThrownByScript(ReplayedStack frames)
    {
        IScriptExtent position = ErrorPosition.Of(record.InvocationInfo);
        ScriptBlock block = frames.Block(
            TextOf(position),
            (first, last) =>
            {
                var failure = new StatementBlockAst(
                    last, [first, AstBuilder.Write(last, AstBuilder.Variable(last, RecordName))], traps: null);
                return [new ThrowStatementAst(position, AstBuilder.Write(position, new SubExpressionAst(first.Extent, failure)))];
            });
        RuntimeException copy = ScriptThrow.Of(Copy(record.FullyQualifiedErrorId));
        try
        {
            Run(block, ScriptFrame.NoFunctions, copy);
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
}
