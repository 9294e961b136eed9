namespace AsyncJobs.Architecture.Tests.Samples;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class LowerAttribute : Attribute;
