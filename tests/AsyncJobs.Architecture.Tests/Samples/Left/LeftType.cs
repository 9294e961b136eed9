namespace AsyncJobs.Architecture.Tests.Samples;

internal sealed class LeftType
{
    public RightType? Other { get; set; }
}
