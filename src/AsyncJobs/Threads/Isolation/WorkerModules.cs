using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Isolation;

/// <summary>The modules of callers that have been imported into one worker's runspace, where they stay.</summary>
internal sealed class WorkerModules
{
    private const string Script =
        "$ErrorActionPreference = 'Stop'; Import-Module -Name $args[0] -Global -DisableNameChecking -Verbose:$false";

    // Modules are not made to be imported in several runspaces at the same moment; a stuck one does not hold the rest up for good.
    private static readonly SemaphoreSlim Turn = new(1);
    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _imported = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Imports those that are not there yet; on the worker's thread.</summary>
    /// <param name="pipeline">The worker's command.</param>
    /// <param name="modules">The caller's modules that the block uses.</param>
    /// <param name="isolation">Learns that what they bring is there to stay.</param>
    /// <exception cref="RuntimeException">An import failed; the task fails with it.</exception>
    public void Import(PSCmdlet pipeline, IReadOnlyList<PSModuleInfo> modules, WorkerIsolation isolation)
    {
        bool isChanged = false;
        foreach (PSModuleInfo module in modules)
        {
            if (!_imported.Contains(module.Path))
            {
                // A module's scripts are not to depend on who happens to need it first.
                isolation.SetStrictMode(pipeline, 0);
                Import(pipeline, module);
                _imported.Add(module.Path);
                isChanged = true;
            }
        }

        if (isChanged)
        {
            isolation.Accept();
        }
    }

    private static void Import(PSCmdlet pipeline, PSModuleInfo module)
    {
        bool isMyTurn = Turn.Wait(TurnLimit);
        try
        {
            pipeline.InvokeCommand.InvokeScript(
                Script, useNewScope: true, PipelineResultTypes.Output | PipelineResultTypes.Error, input: null, FileOf(module));
        }
        finally
        {
            if (isMyTurn)
            {
                Turn.Release();
            }
        }
    }

    /// <summary>The manifest where there is one: a module's path is that of the file with its code.</summary>
    private static string FileOf(PSModuleInfo module)
    {
        string manifest = Path.Combine(module.ModuleBase, module.Name + ".psd1");
        return File.Exists(manifest) ? manifest : module.Path;
    }
}
