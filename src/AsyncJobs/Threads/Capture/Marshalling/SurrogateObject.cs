namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>An object with members of its own: note properties, script properties, script methods.</summary>
/// <param name="item">The object.</param>
internal sealed class SurrogateObject(PSObject item) : Surrogate(item)
{
    private readonly List<(string Name, object? Value)> _notes = [];
    private readonly List<(string Name, object Script)> _methods = [];
    private readonly List<(string Name, object? Getter, object? Setter)> _properties = [];
    private object? _base;

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller)
    {
        _base = item.BaseObject is PSCustomObject ? null : marshaller.Part(this, item.BaseObject);
        foreach (PSMemberInfo member in item.Members)
        {
            switch (member)
            {
                case PSNoteProperty property when marshaller.Part(this, property.Value) is Surrogate part:
                    _notes.Add((member.Name, part));
                    break;
                case PSScriptMethod { IsInstance: true } method:
                    _methods.Add((member.Name, marshaller.Part(this, method.Script)!));
                    break;
                case PSScriptProperty { IsInstance: true } property:
                    _properties.Add(
                        (member.Name, marshaller.Part(this, property.GetterScript), marshaller.Part(this, property.SetterScript)));
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        PSObject copy = _base is Surrogate { IsNeeded: true } ? PSObject.AsPSObject(arrival.Of(_base)) : item.Copy();
        arrival.Note(this, copy);
        foreach ((string name, object? value) in _notes)
        {
            Replace(copy, new PSNoteProperty(name, arrival.Of(value)));
        }

        foreach ((string name, object script) in _methods)
        {
            Replace(copy, new PSScriptMethod(name, (ScriptBlock)arrival.Of(script)!));
        }

        foreach ((string name, object? getter, object? setter) in _properties)
        {
            Replace(copy, new PSScriptProperty(name, (ScriptBlock?)arrival.Of(getter), (ScriptBlock?)arrival.Of(setter)));
        }

        return copy;
    }

    private static void Replace(PSObject target, PSMemberInfo member)
    {
        if (member is PSNoteProperty note && target.Properties[member.Name] is PSNoteProperty own)
        {
            own.Value = note.Value;
            return;
        }

        target.Members.Remove(member.Name);
        target.Members.Add(member);
    }
}
