namespace AsyncJobs.Web;

/// <summary>Takes a method of .NET by its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MethodNameAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData.Unwrap() is HttpMethod method ? method.Method : inputData;
}
