using System.Collections.ObjectModel;

namespace AsyncJobs.Capture;

/// <summary>The script that <c>-FilePath</c> names.</summary>
internal static class ScriptFile
{
    /// <summary>The full path of one existing script; wildcards may stand for it.</summary>
    /// <exception cref="RuntimeException">None, several, or no script of PowerShell.</exception>
    public static string Resolve(PSCmdlet caller, string path)
    {
        Collection<string> files;
        try
        {
            files = caller.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException)
        {
            files = [];
        }

        if (files.Count == 0)
        {
            caller.ThrowTerminatingError(ErrorRecords.FileNotFound(path));
        }

        if (files.Count > 1 || !files[0].EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
        {
            caller.ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"-FilePath '{path}' must name one PowerShell script, a file that ends in .ps1.", ErrorIds.InvalidArgument, path));
        }

        return files[0];
    }

    /// <summary>
    /// The script as a block, which a coroutine can be of; null where only a thread can run it, since it has what belongs to
    /// a file alone: classes, <c>using module</c> and the like.
    /// </summary>
    /// <inheritdoc cref="Resolve"/>
    public static ScriptBlock? BlockOf(PSCmdlet caller, string path) =>
        caller.InvokeCommand.GetCommand(WildcardPattern.Escape(Resolve(caller, path)), CommandTypes.ExternalScript) is ExternalScriptInfo { ScriptBlock: { Ast: ScriptBlockAst text } block }
            && text is { ScriptRequirements: null } && text.UsingStatements.All(static line => line.UsingStatementKind == UsingStatementKind.Namespace)
            && BlockFacts.Of(text).TypeDefinitions.Count == 0
            ? block : null;
}
