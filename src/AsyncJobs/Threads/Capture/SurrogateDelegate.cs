using System.Globalization;
using System.Management.Automation;

namespace AsyncJobs.Threads.Capture;

/// <summary>A delegate made of a script block.</summary>
/// <param name="block">The block, on its way too.</param>
/// <param name="type">The delegate's type.</param>
internal sealed class SurrogateDelegate(Surrogate block, Type type) : Surrogate
{
    /// <inheritdoc/>
    public override object? Arrive(Materializer arrival) =>
        LanguagePrimitives.ConvertTo(arrival.Of(block), type, CultureInfo.InvariantCulture);
}
