namespace AsyncJobs;

/// <summary>Lets an encoding be given as PowerShell's cmdlets take it: by name, by code page, or as an object.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData.Unwrap();
        try
        {
            return value is null ? null : EncodingNames.Find(value);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or PSInvalidCastException)
        {
            throw new ArgumentTransformationMetadataException(
                $"'{value}' is no encoding. Give a name such as utf8, utf8BOM, unicode or ansi, a code page number, or an Encoding object.",
                exception);
        }
    }
}
