namespace AsyncJobs.Architecture.Tests.Samples;

internal sealed class Constraint<T>
    where T : ILower;
