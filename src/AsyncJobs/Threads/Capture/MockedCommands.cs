namespace AsyncJobs.Threads.Capture;

/// <summary>
/// Finds commands in the place of which a test has put a mock of Pester, which works in the test's own session: a thread
/// task would call what is left of it, or the real command.
/// </summary>
/// <param name="caller">The cmdlet that starts the tasks.</param>
internal sealed class MockedCommands(PSCmdlet caller)
{
    private static readonly string[] Drives = [@"function:\", @"alias:\"];

    private readonly HashSet<Ast> _followed = [];
    private readonly Dictionary<PSModuleInfo, Dictionary<string, CommandInfo>> _modules = [];

    // All mocks have to do with Pester's own assembly; where it is not loaded there is nothing to look for.
    private readonly bool _isPesterLoaded =
        AppDomain.CurrentDomain.GetAssemblies().Any(static one => one.FullName!.StartsWith("Pester,", StringComparison.Ordinal));

    /// <summary>Why a mock cannot be given to a thread task, and what to do.</summary>
    public const string Obstacle = "a mock of Pester, which works in the session of its test alone: a thread task cannot call it. "
        + "Start the task with -OnLoop, or have all thread tasks of the tests run so by Set-AsyncLoop -Inline";

    /// <summary>
    /// A script that defines a function which refuses to be called, for a task of which nobody knows beforehand whether it
    /// calls the command.
    /// </summary>
    public static ScriptBlock StandInFor(string name) => ScriptBlock.Create(
        $"function {name} {{ throw [Management.Automation.ErrorRecord]::new([ArgumentException]::new({Quoted(MessageFor(name))}), "
        + $"'{ErrorIds.CannotCapture}', 'InvalidArgument', {Quoted(name)}) }}");

    /// <summary>Whether there is a mock that all modules of the session call: Pester puts it in as commands are looked up.</summary>
    public bool HasForAll(string name) =>
        caller.SessionState.InvokeCommand is { PreCommandLookupAction: not null } lookup
        && PesterMock.Is(lookup.GetCommand(name, CommandTypes.All));

    /// <summary>Says that a mocked command cannot be called.</summary>
    /// <param name="name">The command.</param>
    public void Refuse(string name) =>
        caller.ThrowTerminatingError(ErrorRecords.InvalidArgument(MessageFor(name), ErrorIds.CannotCapture, name));

    /// <summary>
    /// Refuses a function of a module if a command is mocked that it calls, itself or through other functions of modules: the
    /// task imports the module anew.
    /// </summary>
    public void CheckCallsOf(CommandInfo command)
    {
        if (_isPesterLoaded && command is FunctionInfo { Module: { } module } function && _followed.Add(function.ScriptBlock.Ast))
        {
            CheckCalls(function, module);
        }
    }

    /// <summary>Refuses a module if any command is mocked in it, for a task of which nobody knows what it calls.</summary>
    public void CheckAllOf(PSModuleInfo module)
    {
        // A module of cmdlets has no state of its own.
        if (_isPesterLoaded && module.SessionState is not null)
        {
            foreach (string name in CommandsOf(module).Keys)
            {
                Find(module, name);
            }
        }
    }

    private static string MessageFor(string name) => $"{name} is {Obstacle}.";

    private static string Quoted(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    private void CheckCalls(FunctionInfo function, PSModuleInfo module)
    {
        CapturePlan text = CapturePlan.Of(function.ScriptBlock.Ast);
        if (text.Facts.ReachesUnnamed || text.CommandVariables.Count > 0)
        {
            CheckAllOf(module);
        }

        foreach (string name in text.Commands)
        {
            if (Find(module, name) is { } called)
            {
                CheckCallsOf(called);
            }
        }
    }

    /// <summary>The function that a name calls in a module, other than a mock; null for none.</summary>
    private FunctionInfo? Find(PSModuleInfo module, string name)
    {
        Dictionary<string, CommandInfo> commands = CommandsOf(module);
        CommandInfo? command = commands.GetValueOrDefault(name);

        // Aliases may stand for each other in a circle.
        for (int left = commands.Count; left > 0 && command is AliasInfo alias; left--)
        {
            command = commands.GetValueOrDefault(alias.Definition);
        }

        if (PesterMock.Is(command) || HasForAll(name))
        {
            Refuse(name);
        }

        return command as FunctionInfo;
    }

    private Dictionary<string, CommandInfo> CommandsOf(PSModuleInfo module)
    {
        if (!_modules.TryGetValue(module, out Dictionary<string, CommandInfo>? commands))
        {
            _modules[module] = commands = new(StringComparer.OrdinalIgnoreCase);

            // A module of cmdlets alone has no session state.
            foreach (CommandInfo command in module.SessionState is { } state ? Drives.SelectMany(drive => ProviderItems.Read<CommandInfo>(caller, state, drive)) : [])
            {
                commands[command.Name] = command;
            }
        }

        return commands;
    }
}
