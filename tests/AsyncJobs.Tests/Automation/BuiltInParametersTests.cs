using AsyncJobs.Automation.BuiltIn;

namespace AsyncJobs.Tests.Automation;

public sealed class BuiltInParametersTests
{
    [Theory]
    [InlineData("OutVariable", "OutVariable")]
    [InlineData("ov", "OutVariable")]
    [InlineData("outv", "OutVariable")]
    [InlineData("pi", "PipelineVariable")]
    [InlineData("v", "Verbose")]
    [InlineData("p", null)]
    [InlineData("out", null)]
    [InlineData("Path", null)]
    [InlineData("", null)]
    public void Find_AsWritten_IsOneOrNone(string written, string? expected) => Assert.Equal(expected, BuiltInParameters.Find(written)?.Name);

    [Theory]
    [InlineData("Wait", true)]
    [InlineData("w", true)]
    [InlineData("wai", true)]
    [InlineData("wa", false)]
    [InlineData("WarningAction", false)]
    [InlineData("Waits", false)]
    [InlineData("", false)]
    public void Means_OwnParameter_ComesBeforeCommonOnesButNotTheirAliases(string written, bool expected) =>
        Assert.Equal(expected, BuiltInParameters.Means(written, "Wait"));

    [Theory]
    [InlineData("p", false)]
    [InlineData("pr", true)]
    [InlineData("Process", true)]
    public void Means_AnotherOwnBeginsAlike_IsFalse(string written, bool expected) =>
        Assert.Equal(expected, BuiltInParameters.Means(written, "Process", "Parallel"));
}
