using System.Reflection;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>
/// An instance of a PowerShell class. Its copy is made without calling a constructor, so that it belongs to no session,
/// and its methods run in whichever calls them.
/// </summary>
/// <param name="instance">The instance.</param>
/// <param name="isBound">Whether it has to be made anew in any case: it belongs to a session that may be gone when it is used.</param>
internal sealed class SurrogateInstance(object instance, bool isBound) : Surrogate(instance)
{
    private readonly Type _type = instance.GetType();
    private (PropertyInfo Property, object? Value)[] _values = [];

    /// <inheritdoc/>
    public override string? Obstacle => ScriptClass.IsWhole(_type)
        ? null
        : $"it holds script of this session in an object of class {_type.Name}, which derives from a class of .NET and so cannot be copied";

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller)
    {
        _values = Array.ConvertAll(
            ValueShapes.PropertiesOf(_type), property => (property, marshaller.Part(this, property.GetValue(Original))));
        if (isBound)
        {
            Need();
        }
    }

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival)
    {
        if (Obstacle is not null)
        {
            return Original;
        }

        object copy = RuntimeHelpers.GetUninitializedObject(_type);
        arrival.Note(this, copy);
        foreach ((PropertyInfo property, object? value) in _values)
        {
            // What a class demands of a value, the value it never had does not fulfil.
            if (property.CanWrite && value is not null)
            {
                property.SetValue(copy, arrival.Of(value));
            }
        }

        return copy;
    }
}
