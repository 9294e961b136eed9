using System.Management.Automation;
using System.Reflection;

namespace AsyncJobs;

/// <summary>A cmdlet by which coroutines wait, as a command of its own.</summary>
/// <param name="Info">The cmdlet.</param>
/// <param name="HasBody">Whether its block is a part of the coroutine that it stands in.</param>
internal sealed record SuspendingCommand(CmdletInfo Info, bool HasBody)
{
    private readonly Lazy<CmdletInfo> _resuming = new(() => NamesakeCommands<ResumeCommand>.For(Info));

    /// <summary>What writes the outcome in its name.</summary>
    public CmdletInfo Resuming => _resuming.Value;
}

/// <summary>
/// The cmdlets by which coroutines wait. One that a coroutine calls in its own statements says what to wait for instead of
/// waiting (<see cref="AskingExtent"/>); the same cmdlet called anywhere else, in a nested block, say, waits.
/// </summary>
internal static class SuspendingCommands
{
    private static readonly Dictionary<string, SuspendingCommand> ByName = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<Type, SuspendingCommand> ByType = [];

    static SuspendingCommands()
    {
        Add<WaitAsyncTaskCommand>();
        Add<WaitAsyncGatherCommand>();
        Add<ReceiveAsyncTaskCommand>();
        Add<InvokeWithTimeoutCommand>();
        Add<InvokeAsyncForEachCommand>();
        Add<EnterAsyncSemaphoreCommand>();
        Add<EnterAsyncLockCommand>();
        Add<EnterAsyncRateLimiterCommand>();
        Add<WaitAsyncEventCommand>();
        Add<WaitAsyncConditionCommand>();
        Add<WaitAsyncBarrierCommand>();
        Add<WaitAsyncQueueCommand>();
        Add<AddAsyncQueueItemCommand>();
        Add<ReceiveAsyncQueueItemCommand>();
        Add<UseAsyncSemaphoreCommand>(hasBody: true);
        Add<UseAsyncLockCommand>(hasBody: true);
        Add<InvokeAsyncTaskGroupCommand>(hasBody: true);
    }

    /// <summary>The one of that name or alias, or null.</summary>
    public static SuspendingCommand? Of(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The one that a command is, under whichever name, or null.</summary>
    public static SuspendingCommand? Of(CommandInfo command) =>
        command is CmdletInfo cmdlet ? ByType.GetValueOrDefault(cmdlet.ImplementingType) : null;

    /// <summary>Whether one is the plain await.</summary>
    public static bool IsAwait(SuspendingCommand command) => ReferenceEquals(command, ByType[typeof(WaitAsyncTaskCommand)]);

    private static void Add<T>(bool hasBody = false)
        where T : LoopCommand
    {
        CmdletAttribute attribute = typeof(T).GetCustomAttribute<CmdletAttribute>()!;
        string name = $"{attribute.VerbName}-{attribute.NounName}";
        var command = new SuspendingCommand(new CmdletInfo(name, typeof(T)), hasBody);
        ByType[typeof(T)] = command;
        foreach (string known in (typeof(T).GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []).Prepend(name))
        {
            ByName[known] = command;
        }
    }
}
