namespace AsyncJobs.Coroutines.Analysis;

/// <summary>Says of a cmdlet that the engine may do by itself what it does: calling a cmdlet costs more than that.</summary>
/// <param name="kind">How it is done.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class IntrinsicAttribute(IntrinsicKind kind) : Attribute
{
    public IntrinsicKind Kind => kind;
}
