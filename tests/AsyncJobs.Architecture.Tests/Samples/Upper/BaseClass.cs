namespace AsyncJobs.Architecture.Tests.Samples;

internal sealed class BaseClass : LowerBase;
