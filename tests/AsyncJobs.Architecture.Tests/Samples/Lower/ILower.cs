namespace AsyncJobs.Architecture.Tests.Samples;

internal interface ILower;
