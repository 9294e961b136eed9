namespace AsyncJobs.Threads.Capture;

/// <summary>Says with <c>-Verbose</c> what tasks take along.</summary>
internal static class CaptureReport
{
    /// <summary>Writes one line, if verbose messages go anywhere.</summary>
    public static void Write(PSCmdlet cmdlet, CaptureSet captures)
    {
        bool isWanted = cmdlet.MyInvocation.BoundParameters.ContainsKey("Verbose")
            || cmdlet.GetVariableValue("VerbosePreference") is not ActionPreference.SilentlyContinue;

        // With -Debug, PowerShell would stop and ask at each verbose message of a cmdlet.
        if (isWanted && !cmdlet.MyInvocation.BoundParameters.ContainsKey("Debug"))
        {
            cmdlet.WriteVerbose(Describe(captures));
        }
    }

    private static string Describe(CaptureSet captures)
    {
        string[] parts =
        [
            Describe("variables", captures.Variables.Select(static name => "$" + name)),
            Describe("functions", captures.Functions.Select(static function => function.Name)),
            Describe("aliases", captures.Aliases.Select(static alias => alias.Name)),
            Describe("drives", captures.Drives.Select(static drive => drive.Name)),
            Describe("modules", captures.Modules.Select(static module => module.Name)),
        ];
        string list = string.Join("; ", parts.Where(static part => part.Length > 0));
        return list.Length == 0 ? "Nothing is taken along." : $"Taken along: {list}.";
    }

    private static string Describe(string kind, IEnumerable<string> names)
    {
        string list = string.Join(", ", names);
        return list.Length == 0 ? string.Empty : $"{kind} {list}";
    }
}
