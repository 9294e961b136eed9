namespace AsyncJobs.Web;

/// <summary>Takes a Uri object by the text it was made of; its ToString would undo some of the escaping.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UriTextAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData switch
        {
            Uri uri => uri.OriginalString,
            PSObject { BaseObject: Uri uri } => uri.OriginalString,
            _ => inputData,
        };
}
