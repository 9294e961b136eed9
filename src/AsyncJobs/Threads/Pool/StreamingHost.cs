using System.Management.Automation.Host;

namespace AsyncJobs.Threads.Pool;

/// <summary>A host that shows what a task's Write-Host writes as it happens, whether anybody waits for the task or not.</summary>
internal sealed class StreamingHost(PSHost host)
{
    /// <summary>Writes a record of Write-Host; false for any other.</summary>
    public bool TryWrite(object record)
    {
        if (record is not InformationRecord { MessageData: HostInformationMessage message })
        {
            return false;
        }

        // Hosts need not take calls from several threads at once.
        lock (host)
        {
            Write(message, message.NoNewLine == true ? message.Message : message.Message + Environment.NewLine);
        }

        return true;
    }

    private void Write(HostInformationMessage message, string text)
    {
        if (message.ForegroundColor is null && message.BackgroundColor is null)
        {
            host.UI.Write(text);
        }
        else
        {
            host.UI.Write(
                message.ForegroundColor ?? host.UI.RawUI.ForegroundColor,
                message.BackgroundColor ?? host.UI.RawUI.BackgroundColor,
                text);
        }
    }
}
