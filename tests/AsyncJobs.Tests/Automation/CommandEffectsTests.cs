using AsyncJobs.Automation.BuiltIn;

namespace AsyncJobs.Tests.Automation;

public sealed class CommandEffectsTests
{
    [Theory]
    [InlineData("Remove-Variable")]
    [InlineData("remove-variable")]
    [InlineData("rv")]
    [InlineData("RV")]
    [InlineData(@"Microsoft.PowerShell.Utility\Remove-Variable")]
    public void Of_AnyNameOfCmdlet_IsSame(string name)
    {
        Assert.Equal(
            CommandEffect.RemovesVariable | CommandEffect.LooksUpLocals | CommandEffect.ChangesSession,
            CommandEffects.Of(name));
    }

    [Theory]
    [InlineData("%", true)]
    [InlineData("foreach", true)]
    [InlineData("ForEach-Object", true)]
    [InlineData("?", true)]
    [InlineData("Sort-Object", false)]
    public void Do_AliasOfForEach_IsResolved(string name, bool expected) =>
        Assert.Equal(expected, CommandEffects.Do(name, CommandEffect.ForEach));

    [Theory]
    [InlineData("irm", true)]
    [InlineData("iwr", true)]
    [InlineData("invoke-webrequest", true)]
    [InlineData("Start-AsyncDownload", true)]
    [InlineData(@"AsyncJobs\Start-AsyncRestMethod", true)]
    [InlineData("Start-AsyncSleep", false)]
    public void Do_WebCmdlet_SetsVariables(string name, bool expected) =>
        Assert.Equal(expected, CommandEffects.Do(name, CommandEffect.SetsVariables));

    [Theory]
    [InlineData("Get-Whatever")]
    [InlineData("ConvertTo-Anything")]
    public void Of_UnknownCommandWithVerbThatLooks_OnlyLooks(string name) => Assert.Equal(CommandEffect.OnlyLooks, CommandEffects.Of(name));

    [Theory]
    [InlineData("Invoke-Whatever")]
    [InlineData("await")]
    [InlineData("Get")]
    [InlineData("")]
    [InlineData("./script.ps1")]
    public void Of_Unknown_IsNone(string name) => Assert.Equal(CommandEffect.None, CommandEffects.Of(name));

    [Fact]
    public void Do_NoName_IsFalse() => Assert.False(CommandEffects.Do(null, CommandEffect.OnlyLooks));
}
