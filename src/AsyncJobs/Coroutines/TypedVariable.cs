using System.Globalization;
using System.Management.Automation;

namespace AsyncJobs;

/// <summary>
/// A variable that a block declares with a type: whatever is assigned to it is converted, by the rules of a conversion
/// and with its errors. Those of the attribute that PowerShell puts on a variable that is looked up by name are others.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="value">What it holds until it is assigned, of any type.</param>
/// <param name="type">The type.</param>
internal sealed class TypedVariable(string name, object? value, Type type) : PSVariable(name, value)
{
    /// <exception cref="PSInvalidCastException">The value cannot be converted.</exception>
    public override object Value
    {
        get => base.Value;
        set => base.Value = LanguagePrimitives.ConvertTo(value, type, CultureInfo.InvariantCulture);
    }
}
