using System.Collections;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>Makes a caller's value fit for another runspace, or says why it cannot be.</summary>
internal static class CapturedValue
{
    /// <summary>What the task gets.</summary>
    /// <param name="value">The caller's value.</param>
    /// <param name="isCalled">Whether the task's script may call a method of that name on it.</param>
    /// <param name="problem">Why it cannot cross, and what to do; null if it can.</param>
    public static object? ForTask(object? value, Func<string, bool> isCalled, out string? problem)
    {
        problem = null;
        switch (value.Bare())
        {
            case null or string or ValueType:
                return value;
            case ScriptBlock block:
                return UnboundScript.Of(block);
            case FunctionInfo function:
                return UnboundScript.Of(function.ScriptBlock);
            case PSModuleInfo or SessionState or EngineIntrinsics or Cmdlet or SteppablePipeline:
                problem = $"a {value.Bare()!.GetType().Name} belongs to the session it was made in. Get it inside the block, or pass what you need of it";
                return null;
            case IList { Count: > 0 } list:
                problem = ProblemOf(list[0].Bare(), isCalled);
                return value;
            case { } bare:
                problem = ProblemOf(bare, isCalled);
                return value;
        }
    }

    /// <summary>
    /// The methods of a PowerShell class run in the session that made the instance. That session is waiting for the task,
    /// so a call would never come back; its properties are fine.
    /// </summary>
    private static string? ProblemOf(object? value, Func<string, bool> isCalled)
    {
        if (value is null || !ScriptClass.IsOne(value.GetType()) || ScriptClass.RunsAnywhere(value.GetType()))
        {
            return null;
        }

        string? method = ScriptClass.MethodsOf(value.GetType()).FirstOrDefault(name => name == "ToString" || isCalled(name));
        return method is null
            ? null
            : $"the method {method} of class {value.GetType().Name} runs only in the session that made the object, which waits for the task. "
                + "Put [NoRunspaceAffinity()] on the class, or make the object inside the block";
    }
}
