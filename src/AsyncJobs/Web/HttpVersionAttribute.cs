namespace AsyncJobs.Web;

/// <summary>Takes a whole number for a version: 2 is 2.0.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpVersionAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData.Unwrap() is not (int or double or string) ? inputData
            : LanguagePrimitives.ConvertTo<string>(inputData) is var text && int.TryParse(text, out int number) ? new Version(number, 0)
            : text;
}
