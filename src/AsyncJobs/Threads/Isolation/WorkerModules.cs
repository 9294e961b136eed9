using System.Management.Automation.Runspaces;

namespace AsyncJobs.Threads.Isolation;

/// <summary>The modules that have been imported into one worker's runspace, where they stay: this one, and those of callers.</summary>
internal sealed class WorkerModules
{
    private const string Script =
        "$ErrorActionPreference = 'Stop'; Import-Module -Name $args[0] -Force:$args[1] -Prefix $args[2] -ArgumentList $args[3] -Global -DisableNameChecking -Verbose:$false";

    // For the classes alone. Where it fails, the script that uses it says so.
    private const string UsedScript =
        "Import-Module -Name $args[0] -Function @() -Cmdlet @() -Variable @() -Alias @() -Verbose:$false -ErrorAction Ignore";

    private static readonly Lazy<CmdletInfo> Importer = new(() => WorkerSessionState.CmdletOf("Import-Module"));

    // Modules are not made to be imported in several runspaces at the same moment; a stuck one does not hold the rest up for good.
    private static readonly SemaphoreSlim Turn = new(1);
    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(30);

    private bool _hasOwn;
    private readonly HashSet<string> _used = new(StringComparer.OrdinalIgnoreCase);

    // By path, the module of the session that it was imported for.
    private readonly Dictionary<string, WeakReference<PSModuleInfo>> _imported = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Imports this module for a task that may call it or see that it is there, which is one that does more than PowerShell's
    /// own commands do. To import it takes a third of what it takes to open the runspace.
    /// </summary>
    public void ImportOwn(CaptureSet captures)
    {
        if (!_hasOwn && captures.RunspaceEffect != RunspaceEffect.None)
        {
            // Not by a script: aliases of a module come to the scope that imports it.
            using PowerShell nested = PowerShell.Create(RunspaceMode.CurrentRunspace);
            nested.AddCommand(Importer.Value).AddParameter("Name", typeof(WorkerModules).Assembly.Location).Invoke();
            _hasOwn = true;
        }
    }

    /// <summary>Imports those of the caller that are not there yet; on the worker's thread.</summary>
    /// <param name="pipeline">The worker's command.</param>
    /// <param name="captures">What the task takes along, the modules that its block uses among it.</param>
    /// <param name="isolation">Learns that what they bring is there to stay.</param>
    /// <exception cref="RuntimeException">An import failed; the task fails with it.</exception>
    public void Import(PSCmdlet pipeline, CaptureSet captures, WorkerIsolation isolation)
    {
        bool isChanged = false;
        foreach (PSModuleInfo module in captures.Modules)
        {
            bool isKnown = _imported.TryGetValue(module.Path, out WeakReference<PSModuleInfo>? known);
            if (!isKnown || !known!.TryGetTarget(out PSModuleInfo? same) || same != module)
            {
                // A module's scripts are not to depend on who happens to need it first.
                isolation.SetStrictMode(pipeline, 0);
                Import(pipeline, Script, FileOf(module), isKnown, captures.Prefixes.GetValueOrDefault(module, string.Empty), captures.ModuleArguments[module]);
                _imported[module.Path] = new(module);
                isChanged = true;
            }
        }

        foreach (string used in captures.UsedModules)
        {
            if (!_used.Add(used))
            {
                continue;
            }

            isolation.SetStrictMode(pipeline, 0);
            Import(pipeline, UsedScript, used);
            isChanged = true;
        }

        if (isChanged)
        {
            isolation.Accept();
        }
    }

    private static void Import(PSCmdlet pipeline, string script, params object[] arguments)
    {
        bool isMyTurn = Turn.Wait(TurnLimit);
        try
        {
            pipeline.InvokeCommand.InvokeScript(
                script, useNewScope: true, PipelineResultTypes.Output | PipelineResultTypes.Error, input: null, arguments);
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
