using System.Globalization;

namespace AsyncJobs;

/// <summary>
/// Takes a bare number for a <see cref="TimeSpan"/> as seconds, as all other times of the module are. PowerShell would take
/// a whole number for ticks of a ten-millionth of a second, and a number in a text for days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentTransformationMetadataException">The number is no length of time.</exception>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (NumberOf(inputData.Unwrap()) is not { } seconds)
        {
            return inputData;
        }

        try
        {
            return TimeSpan.FromSeconds(seconds);
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException)
        {
            throw new ArgumentTransformationMetadataException($"{inputData} seconds are no length of time.", exception);
        }
    }

    private static double? NumberOf(object? value) => value switch
    {
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture),
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => null,
    };
}
