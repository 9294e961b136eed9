using System.Globalization;

namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>A delegate, which may have been made of a script block.</summary>
/// <param name="function">The delegate.</param>
internal sealed class SurrogateDelegate(Delegate function) : Surrogate(function)
{
    private object? _block;

    /// <inheritdoc/>
    public override string? Obstacle => _block is null ? "a delegate of several calls cannot be copied" : null;

    /// <summary>Looks for the block, which the delegate keeps among its constants.</summary>
    /// <remarks>They are a public field of a public type, Closure, which the reference assemblies leave out.</remarks>
    public override void Expand(Marshaller marshaller)
    {
        object?[]? constants = function.Target?.GetType().GetField("Constants")?.GetValue(function.Target) as object?[];
        _block = marshaller.Part(this, constants?.OfType<ScriptBlock>().FirstOrDefault());
    }

    /// <inheritdoc/>
    public override object? Arrive(Materializer arrival) =>
        LanguagePrimitives.ConvertTo(arrival.Of(_block), function.GetType(), CultureInfo.InvariantCulture);
}
