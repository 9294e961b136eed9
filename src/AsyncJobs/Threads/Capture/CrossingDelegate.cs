using System.Globalization;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>A delegate made of a script block.</summary>
/// <param name="block">The block, on its way too.</param>
/// <param name="type">The delegate's type.</param>
internal sealed class CrossingDelegate(Crossing block, Type type) : Crossing
{
    /// <inheritdoc/>
    public override object? Arrive(Arrival arrival) => LanguagePrimitives.ConvertTo(arrival.Of(block), type, CultureInfo.InvariantCulture);
}
