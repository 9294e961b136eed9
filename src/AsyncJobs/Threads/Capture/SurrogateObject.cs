using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>A copy of a custom object with members that must be made anew.</summary>
/// <param name="snapshot">A copy already, with the caller's members.</param>
internal sealed class SurrogateObject(PSObject snapshot) : Surrogate
{
    /// <summary>The values of its properties that are on their way.</summary>
    public Dictionary<string, object?> Values { get; } = [];

    /// <summary>The object's script methods.</summary>
    public Dictionary<string, Surrogate> Methods { get; } = [];

    /// <summary>The object's script properties; one may have no setter or no getter.</summary>
    public Dictionary<string, (Surrogate? Getter, Surrogate? Setter)> Properties { get; } = [];

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        PSObject copy = snapshot.Copy();
        arrival.Note(this, copy);
        foreach ((string name, object? value) in Values)
        {
            copy.Properties[name].Value = arrival.Of(value);
        }

        foreach ((string name, Surrogate script) in Methods)
        {
            Replace(copy, new PSScriptMethod(name, (ScriptBlock)arrival.Of(script)!));
        }

        foreach ((string name, (Surrogate? getter, Surrogate? setter)) in Properties)
        {
            Replace(copy, new PSScriptProperty(name, (ScriptBlock?)arrival.Of(getter), (ScriptBlock?)arrival.Of(setter)));
        }

        return copy;
    }

    private static void Replace(PSObject target, PSMemberInfo member)
    {
        target.Members.Remove(member.Name);
        target.Members.Add(member);
    }
}
