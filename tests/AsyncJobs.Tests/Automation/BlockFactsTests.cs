using System.Management.Automation.Language;
using AsyncJobs.Automation.Analysis;

namespace AsyncJobs.Tests.Automation;

public sealed class BlockFactsTests
{
    [Theory]
    [InlineData("$a = 1; $b += 2; $c++; foreach ($d in 1) { }; $e", "a b c d foreach", "a b c d e")]
    [InlineData("$x, [int] $y = 1, 2; ($z) = 3", "x y z", "x y z")]
    [InlineData("Set-Variable n 1; sv -Name m 2; Get-Date -OutVariable +o; Get-Date > variable:r", "m n o r", "")]
    [InlineData("'a' -match 'b'; switch (1) { 1 { } }", "Matches switch", "Matches")]
    [InlineData("$global:g = 1; $script:s; $env:e; $_ = 1; $PSItem; $null = 1", "", "")]
    [InlineData("& { $inner = $read }; function f($parameter) { $local = 1 }", "inner local", "inner local parameter read")]
    [InlineData("\"$($x = 1) $y\"", "x", "x y")]
    [InlineData("Get-Variable v -Scope 1; Get-Variable w -Scope 0; Get-Variable x", "", "v")]
    public void Of_Variables_AreAssignedOrMentioned(string script, string assigned, string mentioned)
    {
        BlockFacts facts = Of(script);

        Assert.Equal(assigned, string.Join(' ', facts.Assigned.Order()));
        Assert.Equal(mentioned, string.Join(' ', facts.Mentioned.Order()));
    }

    [Fact]
    public void Of_BlocksFunctionsAndTraps_AreNotItsOwnStatements()
    {
        BlockFacts facts = Of("own; & { block }; function f { function-body }; trap { trap-body }; if (1) { branch }");

        Assert.Equal(["own", "branch"], facts.Commands.Where(static use => use.IsOwn && use.Name is not null).Select(static use => use.Name));
        Assert.Contains(facts.Commands, static use => use is { Name: "trap-body", IsOwn: false });
    }

    [Theory]
    [InlineData("1 + 1; Get-Date; $x.Length", "None")]
    [InlineData("$x.Length = 1", "Restorable")]
    [InlineData("$global:x = 1", "Restorable")]
    [InlineData("Set-Content function:f 1", "Restorable")]
    [InlineData("& $command", "Restorable")]
    [InlineData("& { Set-PSDebug -Off }", "Irreversible")]
    [InlineData("sbp -Command x", "Irreversible")]
    [InlineData("pushd / -StackName s", "Irreversible")]
    [InlineData("Push-Location /", "None")]
    public void Of_Script_TellsEffectOnRunspace(string script, string expected) =>
        Assert.Equal(expected, Of(script).RunspaceEffect.ToString());

    [Theory]
    [InlineData("Get-Variable a, b", true)]
    [InlineData("Get-Variable a*", true)]
    [InlineData("gv a -ValueOnly", false)]
    [InlineData("& $name", false)]
    [InlineData("& ($name)", true)]
    [InlineData("iex $x", true)]
    [InlineData("[scriptblock]::Create($x)", true)]
    [InlineData("$ExecutionContext.InvokeCommand.ExpandString($x)", true)]
    [InlineData("Get-Item variable:x", true)]
    public void Of_Script_TellsWhetherNamesAreNotInText(string script, bool expected) => Assert.Equal(expected, Of(script).ReachesUnnamed);

    [Theory]
    [InlineData("$PSCmdlet", true)]
    [InlineData("function f { [CmdletBinding()] param() $PSCmdlet }", false)]
    [InlineData("function f { param([Parameter()] $x) $PSCmdlet }", false)]
    [InlineData("function f { param([ValidateNotNull()] $x) $PSCmdlet }", true)]
    public void Of_Cmdlet_IsThatOfCallerUnlessWithinOne(string script, bool expected) => Assert.Equal(expected, Of(script).Cmdlet is not null);

    [Theory]
    [InlineData(". ./file.ps1", true)]
    [InlineData("Remove-Variable x", true)]
    [InlineData("$private:x = 1", true)]
    [InlineData("& { Remove-Variable x }", false)]
    [InlineData("Clear-Variable x", false)]
    public void Of_Script_TellsWhetherLocalsAreLookedUp(string script, bool expected) => Assert.Equal(expected, Of(script).IsDynamic);

    [Theory]
    [InlineData("New-Object Thing", "Thing")]
    [InlineData("New-Object -ArgumentList 1 Thing", "Thing")]
    [InlineData("New-Object -ArgumentList Other -TypeName Thing", "Thing")]
    [InlineData("$x -is 'Thing'; 'Not' -is [string]", "Thing")]
    [InlineData("[type] 'Thing'; [string] 'Not'", "Thing")]
    public void Of_TypeNamedByText_IsFound(string script, string expected) => Assert.Equal(expected, Assert.Single(Of(script).TypeTexts).Value);

    [Fact]
    public void Of_SameSyntax_IsFoundOnce()
    {
        ScriptBlockAst block = Parse("$x = 1");

        Assert.Same(BlockFacts.Of(block), BlockFacts.Of(block));
    }

    private static BlockFacts Of(string script) => BlockFacts.Of(Parse(script));

    private static ScriptBlockAst Parse(string script) => Parser.ParseInput(script, out _, out _);
}
