using System.Management.Automation.Language;

namespace AsyncJobs.Coroutines.Analysis;

/// <summary>The version that a call of Set-StrictMode sets.</summary>
internal static class StrictModeVersion
{
    /// <summary>The version as it is written, "off" for -Off; null where it is none of what can be kept.</summary>
    public static string? Of(CommandAst command)
    {
        (string? parameter, Ast? value) = NamedArguments.Of(command).FirstOrDefault();
        return string.Equals(parameter, "Off", StringComparison.OrdinalIgnoreCase)
            ? "off"
            : (value as ConstantExpressionAst)?.Extent.Text.Trim('\'', '"');
    }
}
