namespace AsyncJobs.Architecture.Tests.Samples;

internal sealed class RightType
{
    public LeftType? Other { get; set; }
}
