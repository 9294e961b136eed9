namespace AsyncJobs.Architecture.Tests.Samples;

internal sealed class LowerException : Exception;
