using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>An object of another kind, with properties that may hold script; only looked at, since nobody knows how it is copied.</summary>
/// <param name="item">The object.</param>
internal sealed class SurrogateProperties(object item) : Surrogate(item)
{
    private string? _property;

    /// <inheritdoc/>
    public override string? Obstacle => $"its {_property} holds script of this session in a {Original.GetType().Name}, which cannot be copied. "
        + "Pass what you need of it, or make it inside the block";

    /// <inheritdoc/>
    public override void Expand(Marshaller marshaller)
    {
        foreach (PropertyInfo property in ValueShapes.PropertiesOf(Original.GetType()))
        {
            if (marshaller.Part(this, ValueOf(property)) is Surrogate)
            {
                _property ??= property.Name;
            }
        }
    }

    /// <inheritdoc/>
    public override object Arrive(Materializer arrival) => Original;

    [SuppressMessage("Design", "CA1031", Justification = "A property that cannot be read holds nothing for a task.")]
    private object? ValueOf(PropertyInfo property)
    {
        try
        {
            return property.GetValue(Original);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
