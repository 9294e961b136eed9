namespace AsyncJobs.Core.Tests;

/// <summary>Tests that trace: there is one trace at a time in a process. The tasks of tests beside them are in it, too.</summary>
[CollectionDefinition(Name)]
public sealed class OneTraceAtATime
{
    public const string Name = "Tracing";
}
