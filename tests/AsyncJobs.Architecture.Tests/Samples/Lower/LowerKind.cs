namespace AsyncJobs.Architecture.Tests.Samples;

internal enum LowerKind
{
    One,
    Two,
}
