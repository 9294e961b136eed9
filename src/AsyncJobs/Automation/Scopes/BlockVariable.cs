using System.Globalization;

namespace AsyncJobs.Automation.Scopes;

/// <summary>
/// A variable of a block that does more than hold a value. One that is declared with a type converts whatever is assigned
/// to it, by the rules of a conversion and with its errors; those of the attribute that PowerShell puts on a variable that
/// is looked up by name are others. And in strict mode one that has not been assigned cannot be read, though it is there.
/// </summary>
/// <param name="name">The variable's name.</param>
/// <param name="value">What it holds until it is assigned, of any type.</param>
/// <param name="type">The type it is declared with, or null.</param>
/// <param name="isSet">Whether it is there by now.</param>
/// <param name="outer">The variable further out that it reads as until it is assigned, or null.</param>
internal sealed class BlockVariable(string name, object? value, Type? type, bool isSet, PSVariable? outer = null) : PSVariable(name, value)
{
    private bool _isSet = isSet;
    private PSVariable? _outer = outer;
    private bool _isShed;

    /// <summary>Whether it is there. An assignment with an attribute goes around the setter, and leaves that.</summary>
    public bool IsSet => _isSet || _isShed || base.Value is not null || Attributes.Count > 0;

    /// <summary>Whether it is an error to read it while it is not set.</summary>
    public bool IsStrict { get; set; }

    /// <summary>Whether it has been assigned.</summary>
    public bool IsOwn => IsSet && Outer is null;

    /// <summary>Whether what is assigned is converted, which may fail.</summary>
    public bool Converts => type is not null;

    /// <exception cref="RuntimeException">It has not been set, in strict mode.</exception>
    /// <exception cref="PSInvalidCastException">The value cannot be converted.</exception>
    public override object Value
    {
        get => !IsSet ? (IsStrict ? throw Unset() : null!) : Outer is not { } read ? base.Value : _isShed ? null! : read.Value;
        set
        {
            base.Value = type is null ? value : LanguagePrimitives.ConvertTo(value, type, CultureInfo.InvariantCulture);
            (_isSet, _outer) = (true, null);
        }
    }

    /// <summary>Whether it is read as holding nothing while it is not the block's own, and no error for that.</summary>
    public bool IsShed
    {
        set => _isShed = value;
    }

    private PSVariable? Outer => Attributes.Count == 0 ? _outer : null;

    // The error that PowerShell has for it.
    private RuntimeException Unset()
    {
        string message = $"The variable '${Name}' cannot be retrieved because it has not been set.";
        return new RuntimeException(
            message, null, new ErrorRecord(new RuntimeException(message), "VariableIsUndefined", ErrorCategory.InvalidOperation, Name));
    }
}
