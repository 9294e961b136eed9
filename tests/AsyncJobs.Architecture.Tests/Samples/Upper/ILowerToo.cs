namespace AsyncJobs.Architecture.Tests.Samples;

internal interface ILowerToo : ILower;
