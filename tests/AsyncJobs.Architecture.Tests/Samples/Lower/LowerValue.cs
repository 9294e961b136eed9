namespace AsyncJobs.Architecture.Tests.Samples;

internal readonly record struct LowerValue(int Number);
