namespace AsyncJobs.Threads.Pool;

/// <summary>
/// A line that a program wrote to its error stream. PowerShell makes error records of such lines where a stream is
/// captured, as a thread task's is; in plain script they are output of the program, which fails nothing.
/// </summary>
internal static class ProgramErrorLine
{
    // Has a view in AsyncJobs.Format.ps1xml, which shows the line and no more.
    private const string TypeName = "AsyncJobs.ProgramErrorLine";

    /// <summary>Whether a record is such a line.</summary>
    public static bool Is(ErrorRecord record) =>
        record.InvocationInfo?.MyCommand is not CmdletInfo
        && record.FullyQualifiedErrorId is "NativeCommandError" or "NativeCommandErrorMessage";

    /// <summary>Writes a line as a record that ends nothing; where errors end the script, to the host, as the program itself would.</summary>
    public static void WriteTo(PSCmdlet cmdlet, ErrorRecord line)
    {
        if (Stops(cmdlet))
        {
            cmdlet.Host.UI.WriteErrorLine(line.Exception.Message);
            return;
        }

        PSObject shown = PSObject.AsPSObject(line);
        if (shown.TypeNames[0] != TypeName)
        {
            shown.TypeNames.Insert(0, TypeName);
        }

        cmdlet.WriteError(line);
    }

    private static bool Stops(PSCmdlet cmdlet) =>
        EffectivePreference.Of(cmdlet, "ErrorAction", "ErrorActionPreference") is "Stop" or "Inquire" or "Break";
}
