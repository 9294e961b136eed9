using System.Management.Automation.Host;

namespace AsyncJobs.Threads.Pool;

/// <summary>Text for the host, as a record: it goes where Write-Host's goes, but no redirection takes it.</summary>
internal static class HostText
{
    private const string Tag = "AsyncJobsHost";

    public static InformationRecord Of(HostInformationMessage message)
    {
        var record = new InformationRecord(message, "AsyncJobs");
        record.Tags.AddRange(["PSHOST", Tag]);
        return record;
    }

    /// <summary>Whether a record is such text.</summary>
    public static bool Is(InformationRecord record) => record.Tags.Contains(Tag);
}
