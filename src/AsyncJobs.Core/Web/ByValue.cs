namespace AsyncJobs.Core.Web;

/// <summary>A value that has no equality of its own, compared by what it says.</summary>
/// <param name="value">The value.</param>
/// <param name="key">What it says.</param>
internal sealed class ByValue<T>(T value, object key) : IEquatable<ByValue<T>>
    where T : class
{
    public T Value => value;

    private object Key => key;

    public bool Equals(ByValue<T>? other) => other is not null && key.Equals(other.Key);

    public override bool Equals(object? obj) => Equals(obj as ByValue<T>);

    public override int GetHashCode() => key.GetHashCode();
}
