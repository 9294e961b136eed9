using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>
/// A module in memory, made by <c>GetNewClosure</c> or <c>New-Module</c>, with its variables and functions as they are now.
/// </summary>
internal sealed class SurrogateModule : Surrogate
{
    /// <summary>The module's variables, some of them on their way.</summary>
    public List<KeyValuePair<string, object?>> Variables { get; } = [];

    /// <summary>The module's functions.</summary>
    public IReadOnlyList<FunctionInfo> Functions { get; set; } = [];

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        // As GetNewClosure does it: linked to the session as a whole. The caller's functions and what they read are not
        // there, but in the scope around the task, so the module gets them, too; its own go before them.
        var module = new PSModuleInfo(linkToGlobal: true);
        arrival.Note(this, module);
        foreach (FunctionInfo function in arrival.Functions.Concat(Functions))
        {
            arrival.RunIn(module, UnboundScript.DefinitionOf(function));
        }

        foreach ((string name, object? value) in arrival.Variables.Concat(Variables))
        {
            object? arrived = arrival.Of(value);
            if (arrived is UnavailableVariable variable)
            {
                module.SessionState.PSVariable.Set(variable);
            }
            else
            {
                module.SessionState.PSVariable.Set(ScriptScope.Without(name), arrived);
            }
        }

        return module;
    }
}
