namespace AsyncJobs.Architecture.Tests.Samples;

internal class LowerBase;
