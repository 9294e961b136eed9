using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// Takes the parameters that PowerShell has just bound, as variables with their types and attributes, into the
/// coroutine's scope. Not exported: the engine calls it.
/// </summary>
[Cmdlet(VerbsCommon.Get, "AsyncCoroutineScope")]
public sealed class TakeScopeCommand : PSCmdlet
{
    internal static readonly CmdletInfo Info = new("Get-AsyncCoroutineScope", typeof(TakeScopeCommand));

    /// <summary>The names of the parameters.</summary>
    [Parameter(Position = 0)]
    public string[] Name { get; set; } = [];

    /// <summary>The scope's <c>$PSBoundParameters</c>.</summary>
    [Parameter(Position = 1)]
    public object? Bound { get; set; }

    /// <summary>The scope's <c>$args</c>.</summary>
    [Parameter(Position = 2)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Rest { get; set; }

    /// <summary>The scope's <c>$MyInvocation</c>; null where nobody looks at it.</summary>
    [Parameter(Position = 3)]
    public InvocationInfo? Invocation { get; set; }

    /// <summary>Takes them.</summary>
    protected override void EndProcessing()
    {
        CoroutineFrame frame = AsyncSession.Current.CurrentFrame!;
        foreach (string name in Name)
        {
            if (SessionState.PSVariable.Get("local:" + name) is { } variable)
            {
                frame.Pending.Add(variable);
            }
        }

        frame.Pending.Add(new PSVariable(ParameterBinding.BoundName, Bound));
        if (Invocation is not null)
        {
            // It says where the task was started, as that of a call would say where that was.
            Invocation.DisplayScriptPosition = ErrorPosition.Of((InvocationInfo)frame.Variable(CoroutineStart.InvocationName).Value);
            frame.Pending.Add(new PSVariable(CoroutineStart.InvocationName, Invocation));
        }

        frame.BoundArguments = Rest ?? [];
    }
}
