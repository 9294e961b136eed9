namespace AsyncJobs;

/// <summary>Lets a function's name stand for its block.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BlockOrFunctionAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        ArgumentNullException.ThrowIfNull(engineIntrinsics);
        return inputData.Unwrap() switch
        {
            FunctionInfo function => function.ScriptBlock,
            string name when engineIntrinsics.InvokeCommand.GetCommand(name, CommandTypes.Function) is FunctionInfo function =>
                function.ScriptBlock,
            _ => inputData!,
        };
    }
}
