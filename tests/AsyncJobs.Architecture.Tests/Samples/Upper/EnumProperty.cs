namespace AsyncJobs.Architecture.Tests.Samples;

internal sealed record EnumProperty(LowerKind Kind);
