using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace AsyncJobs.Capture;

/// <summary>A block's <c>$using:</c> expressions, found once, and their values in the caller at a given time.</summary>
/// <param name="scripts">What is known of the block, and of what runs with it.</param>
/// <param name="state">Where the block belongs to; null where that is the caller's.</param>
/// <param name="closure">Where the block is a closure, what it has its own variables in.</param>
internal sealed partial class UsingValues(
    IReadOnlyList<BlockFacts> scripts, SessionState? state = null, PSModuleInfo? closure = null)
{
    /// <summary>The parameter by which PowerShell hands a script its values, as its own thread jobs do; "--%" without its dash.</summary>
    public const string Parameter = "-%";

    private readonly UsingExpressionAst[] _expressions = [.. scripts.SelectMany(static script => script.UsingExpressions)];

    /// <summary>Reads the values as they are now.</summary>
    /// <param name="caller">A cmdlet, in whose caller the variables are.</param>
    /// <param name="isStrict">Whether it is an error that a variable is not there.</param>
    /// <param name="convert">Makes a value fit for the task, given the text of the expression; null where it is as it is.</param>
    /// <returns>Values by the key that PowerShell looks them up by; null where the block uses none.</returns>
    public IDictionary? Read(PSCmdlet caller, bool isStrict = false, Func<string, object?, object?>? convert = null)
    {
        if (_expressions.Length == 0)
        {
            return null;
        }

        var values = new Dictionary<string, object?>();
        foreach (UsingExpressionAst expression in _expressions)
        {
            object? value = ValueOf(caller, expression);
            if (value is null && isStrict && IsMissing(caller, expression))
            {
                caller.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                    $"The variable '{expression.Extent.Text}' cannot be retrieved because it has not been set.",
                    "VariableIsUndefined",
                    expression.Extent.Text));
            }

            values[KeyOf(expression)] = convert is null ? value : convert(expression.Extent.Text, value);
        }

        return values;
    }

    private object? ValueOf(PSCmdlet caller, UsingExpressionAst expression)
    {
        if (expression.SubExpression is VariableExpressionAst variable)
        {
            string name = variable.VariablePath.UserPath;
            if (closure?.SessionState.PSVariable.Get(name) is { } own)
            {
                return own.Value;
            }

            return (IsElsewhere(caller, out SessionState? origin) ? origin.PSVariable.Get(name)?.Value : null)
                ?? (caller.SessionState.PSVariable.Get(name) is BlockVariable { IsSet: false } ? null : caller.GetVariableValue(name));
        }

        // A member or element of a variable, such as $using:config.Name.
        string text = UsingPrefix().Replace(expression.SubExpression.Extent.Text, "$$$1");
        var script = ScriptBlock.Create(text);
        var values = IsElsewhere(caller, out SessionState? place)
            ? caller.InvokeCommand.InvokeScript(place, script)
            : caller.InvokeCommand.InvokeScript(useLocalScope: false, script, input: null);
        return values.Count == 1 ? values[0] : values;
    }

    // One that the block itself assigns is for a task that it starts in turn.
    private bool IsMissing(PSCmdlet caller, UsingExpressionAst expression) =>
        expression.SubExpression is VariableExpressionAst { VariablePath: { IsDriveQualified: false, UserPath: var name } }
        && !scripts.Any(script => script.Assigns(name))
        && closure?.SessionState.PSVariable.Get(name) is null
        && (IsElsewhere(caller, out SessionState? origin) ? origin : caller.SessionState).PSVariable.Get(name) is null;

    private bool IsElsewhere(PSCmdlet caller, [NotNullWhen(true)] out SessionState? origin)
    {
        origin = state;
        return origin is not null && origin.Module != caller.SessionState.Module;
    }

    private static string KeyOf(UsingExpressionAst expression)
    {
        string text = expression.Extent.Text;
        if (expression.SubExpression is VariableExpressionAst)
        {
#pragma warning disable CA1308 // The key is PowerShell's, and it is lower case.
            text = text.ToLowerInvariant();
#pragma warning restore CA1308
        }

        return Convert.ToBase64String(Encoding.Unicode.GetBytes(text));
    }

    [GeneratedRegex(@"\$(\{?)using:", RegexOptions.IgnoreCase)]
    private static partial Regex UsingPrefix();
}
