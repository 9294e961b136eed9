namespace AsyncJobs.Automation.Scopes;

/// <summary>What holds for a cmdlet of the preferences that a common parameter or a variable may set.</summary>
internal static class EffectivePreference
{
    /// <summary>The preference as text: that of the cmdlet's parameter where it is given, else that of the variable.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="parameter">The name of the common parameter, such as <c>ErrorAction</c>.</param>
    /// <param name="variable">The name of the preference variable.</param>
    public static string? Of(PSCmdlet cmdlet, string parameter, string variable) =>
        (cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out object? given)
            ? given
            : cmdlet.GetVariableValue(variable))?.ToString();
}
