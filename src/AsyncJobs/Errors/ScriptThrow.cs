using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Throws from a cmdlet as the <c>throw</c> statement throws.</summary>
internal static class ScriptThrow
{
    /// <summary>
    /// The exception that makes PowerShell end the calling script unless it is caught. ThrowTerminatingError would end
    /// only the statement, and would overwrite the record's position and the end of its error id.
    /// </summary>
    public static RuntimeException Of(ErrorRecord record) =>
        new(record.Exception.Message, record.Exception, record) { WasThrownFromThrowStatement = true };
}
