namespace AsyncJobs.Architecture.Tests.Samples;

[Lower]
internal sealed class OwnAttribute;
