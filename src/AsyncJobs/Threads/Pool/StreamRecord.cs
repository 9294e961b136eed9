namespace AsyncJobs.Threads.Pool;

/// <summary>One record of a stream other than output, on its way from a thread task to whoever waits for it.</summary>
internal readonly record struct StreamRecord(object Record)
{
    /// <summary>Writes it as the cmdlet's own, under the cmdlet's preferences; on its pipeline thread only.</summary>
    public void WriteTo(Cmdlet cmdlet)
    {
        switch (Record)
        {
            case ErrorRecord line when cmdlet is PSCmdlet command && ProgramErrorLine.Is(line):
                ProgramErrorLine.WriteTo(command, line);
                break;
            case ErrorRecord error:
                cmdlet.WriteError(ErrorPosition.Keep(error));
                break;
            case WarningRecord warning:
                cmdlet.WriteWarning(warning.Message);
                break;
            case VerboseRecord verbose:
                cmdlet.WriteVerbose(verbose.Message);
                break;
            case DebugRecord debug:
                cmdlet.WriteDebug(debug.Message);
                break;
            case InformationRecord information:
                cmdlet.WriteInformation(information);
                break;
            case ProgressRecord progress:
                cmdlet.WriteProgress(progress);
                break;
        }
    }
}
