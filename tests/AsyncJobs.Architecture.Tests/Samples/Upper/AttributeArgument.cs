namespace AsyncJobs.Architecture.Tests.Samples;

[System.Diagnostics.DebuggerTypeProxy(typeof(List<LowerValue>))]
internal sealed class AttributeArgument;
