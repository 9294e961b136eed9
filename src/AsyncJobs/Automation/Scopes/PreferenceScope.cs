using System.Collections;

namespace AsyncJobs.Automation.Scopes;

/// <summary>The preferences that hold in a scope, read again and again: the variables are looked up once.</summary>
/// <param name="command">A command that runs in that scope, or in one that has the same preferences.</param>
/// <param name="state">The session state of the scope: the command's own or another.</param>
internal sealed class PreferenceScope(PSCmdlet command, SessionState state)
{
    private readonly PSVariable?[] _variables = Array.ConvertAll(PreferenceVariables.Names, state.PSVariable.Get);
    private readonly PSVariable? _defaultParameters = state.PSVariable.Get(PreferenceVariables.DefaultParameters);
    private int? _strictVersion;

    /// <summary>The session state of the scope.</summary>
    public SessionState State => state;

    /// <summary>The value of a preference now.</summary>
    /// <param name="index">The place of its name in <see cref="PreferenceVariables.Names"/>.</param>
    public object? this[int index] => _variables[index]?.Value;

    /// <summary>The value of <c>$PSDefaultParameterValues</c> now; null where there are none.</summary>
    public IDictionary? DefaultParameters => _defaultParameters?.Value.Unwrap() is IDictionary { Count: > 0 } table ? table : null;

    /// <summary>The version of the strict mode there; 0 for none. Found out once, when first asked for.</summary>
    public int StrictVersion => _strictVersion ??= state.Module == command.SessionState.Module
        ? StrictMode.Of(command.SessionState)
        : SessionStateInvoker.Invoke(command.InvokeCommand, state, () => StrictMode.Of(command.SessionState));
}
