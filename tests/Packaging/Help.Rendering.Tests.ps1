<#
The rendered help under src/AsyncJobs/en-US belongs to the pages and the cmdlets, and what says so finds each change.

None of this needs PlatyPS. Where PlatyPS is, the help is rendered anew as well and compared to the letter.
#>
BeforeDiscovery {
    . "$PSScriptRoot/../../.build/Help/PlatyPS.ps1"
    $canRender = [bool](Find-PlatyPS)

    $changes = @(
        @{
            What   = 'a page that has changed'
            Change = { Add-Content "$docs/Get-Thing.md" 'More.' }
            Fault  = 'page Get-Thing.md has changed since the help was rendered'
        }
        @{
            What   = 'a topic that has changed'
            Change = { Set-Content "$docs/about_Things.md" '# about_Others' }
            Fault  = 'page about_Things.md has changed since the help was rendered'
        }
        @{
            What   = 'a page that is new'
            Change = { Set-Content "$docs/about_Others.md" '# about_Others' }
            Fault  = 'page about_Others.md is new since the help was rendered'
        }
        @{
            What   = 'a page that is gone'
            Change = { Remove-Item "$docs/Get-Thing.md" }
            Fault  = 'page Get-Thing.md is gone since the help was rendered'
        }
        @{
            What   = 'XML that was edited by hand'
            Change = { Set-Content "$folder/Things-Help.xml" ((Get-Content "$folder/Things-Help.xml" -Raw) -replace '<one />', '<two />') }
            Fault  = 'file Things-Help.xml has changed since the help was rendered'
        }
        @{
            What   = 'a text that was edited by hand'
            Change = { Add-Content "$folder/about_Things.help.txt" 'More.' }
            Fault  = 'file about_Things.help.txt has changed since the help was rendered'
        }
        @{
            What   = 'a text that was put there by hand'
            Change = { Set-Content "$folder/about_Others.help.txt" 'TOPIC' }
            Fault  = 'file about_Others.help.txt is new since the help was rendered'
        }
        @{
            What   = 'a text that is gone'
            Change = { Remove-Item "$folder/about_Things.help.txt" }
            Fault  = 'file about_Things.help.txt is gone since the help was rendered'
        }
        @{
            What   = 'a cmdlet that has changed'
            Change = { $script:module = New-ThingModule 'function Get-Thing([int] $Name) { }' }
            Fault  = 'cmdlet Get-Thing has changed since the help was rendered'
        }
        @{
            What   = 'a cmdlet that is new'
            Change = { $script:module = New-ThingModule 'function Get-Thing([string] $Name) { }; function Get-Other { }' }
            Fault  = 'cmdlet Get-Other is new since the help was rendered'
        }
        @{
            What   = 'a cmdlet that is gone'
            Change = { $script:module = New-ThingModule '' }
            Fault  = 'cmdlet Get-Thing is gone since the help was rendered'
        }
        @{
            What   = 'a proof that is gone'
            Change = { Set-Content "$folder/Things-Help.xml" "<?xml version=`"1.0`"?>`n<one />" }
            Fault  = 'there is no rendered XML with a proof in *'
        }
        @{
            What   = 'no XML'
            Change = { Remove-Item "$folder/Things-Help.xml" }
            Fault  = 'there is no rendered XML with a proof in *'
        }
    )

    $shapes = @(
        @{ What = 'name of a parameter'; Parameters = '[string] $Title, [int] $Count' }
        @{ What = 'type'; Parameters = '[string] $Name, [long] $Count' }
        @{ What = 'type of an array'; Parameters = '[string[]] $Name, [int] $Count' }
        @{ What = 'type in a type'; Parameters = '[string] $Name, [Nullable[int]] $Count' }
        @{ What = 'number of parameters'; Parameters = '[string] $Name, [int] $Count, [switch] $Force' }
        @{ What = 'position'; Parameters = '[Parameter(Position = 1)] [string] $Name, [int] $Count' }
        @{ What = 'need of a value'; Parameters = '[Parameter(Mandatory)] [string] $Name, [int] $Count' }
        @{ What = 'pipeline'; Parameters = '[Parameter(ValueFromPipeline)] [string] $Name, [int] $Count' }
        @{ What = 'pipeline by name'; Parameters = '[Parameter(ValueFromPipelineByPropertyName)] [string] $Name, [int] $Count' }
        @{ What = 'rest'; Parameters = '[Parameter(ValueFromRemainingArguments)] [string] $Name, [int] $Count' }
        @{ What = 'parameter set'; Parameters = '[Parameter(ParameterSetName = "A")] [string] $Name, [int] $Count' }
        @{ What = 'hiding'; Parameters = '[Parameter(DontShow)] [string] $Name, [int] $Count' }
        @{ What = 'message'; Parameters = '[Parameter(HelpMessage = "Say it")] [string] $Name, [int] $Count' }
        @{ What = 'alias of a parameter'; Parameters = '[Alias("N")] [string] $Name, [int] $Count' }
        @{ What = 'values'; Parameters = '[ValidateSet("a", "b")] [string] $Name, [int] $Count' }
        @{ What = 'range'; Parameters = '[string] $Name, [ValidateRange(1, 2)] [int] $Count' }
        @{ What = 'length'; Parameters = '[ValidateLength(1, 2)] [string] $Name, [int] $Count' }
        @{ What = 'pattern'; Parameters = '[ValidatePattern("a")] [string] $Name, [int] $Count' }
        @{ What = 'wildcards'; Parameters = '[SupportsWildcards()] [string] $Name, [int] $Count' }
        @{ What = 'check'; Parameters = '[ValidateNotNullOrEmpty()] [string] $Name, [int] $Count' }
    )
}

BeforeAll {
    foreach ($script in Get-ChildItem "$PSScriptRoot/../../.build/Help/*.ps1") {
        . $script
    }

    $sourceDocs = Convert-Path "$PSScriptRoot/../../docs/en-US"
    $sourceHelp = Convert-Path "$PSScriptRoot/../../src/AsyncJobs/en-US"
    $built = Import-Module "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1" -PassThru

    # Where two sets of files, texts by their names, differ first.
    function Compare-Help([Collections.IDictionary] $Actual, [Collections.IDictionary] $Expected) {
        foreach ($name in @($Actual.Keys; $Expected.Keys) | Sort-Object -Unique) {
            $is, $ought = "$($Actual[$name])".Split("`n"), "$($Expected[$name])".Split("`n")
            for ($i = 0; $i -lt [Math]::Max($is.Count, $ought.Count); $i++) {
                if ($is[$i] -cne $ought[$i]) {
                    "line $($i + 1) of $name is '$($is[$i])' and ought to be '$($ought[$i])'"
                    break
                }
            }
        }
    }

    function New-ThingModule([string] $Code) {
        New-Module Things ([scriptblock]::Create($Code))
    }
}

AfterAll {
    Remove-Module Things -ErrorAction Ignore
}

Describe 'Rendered help' {
    It 'belongs to the pages and the cmdlets of now' {
        Find-HelpFault $built $sourceDocs $sourceHelp | Should -BeNullOrEmpty -Because './build.ps1 -Task Docs renders the help anew'
    }

    It 'has all cmdlets and topics that there are pages for' {
        $xml = [xml] (Get-Content "$sourceHelp/AsyncJobs.dll-Help.xml" -Raw)
        $xml.helpItems.command.details.name | Should -Be (Get-Page $sourceDocs Cmdlet).BaseName
        $topics = (Get-Page $sourceDocs About).ForEach({ "$($_.BaseName).help.txt" })
        (Get-ChildItem $sourceHelp -Filter *.help.txt).Name | Sort-Object | Should -Be ($topics | Sort-Object)
    }

    It 'has the topics as they render now' {
        $now = ConvertTo-AboutHelp $sourceDocs
        $now.Count | Should -BeGreaterThan 0
        $then = Get-RenderedHelp $sourceHelp
        $then.Remove('AsyncJobs.dll-Help.xml')
        Compare-Help $then $now | Should -BeNullOrEmpty -Because './build.ps1 -Task Docs renders the help anew'
    }

    It 'is what the built module has' {
        Compare-Help (Get-RenderedHelp "$($built.ModuleBase)/en-US") (Get-RenderedHelp $sourceHelp) | Should -BeNullOrEmpty
    }

    It 'says nothing of where, when and with what it was rendered' {
        $text = (Get-RenderedHelp $sourceHelp).Values -join "`n"
        $text | Should -Not -Match 'PlatyPS|ms\.date'
        $text.Contains((Convert-Path "$PSScriptRoot/../..")) | Should -BeFalse
    }

    It 'is the same in every culture' {
        $help = Get-RenderedHelp $sourceHelp
        $expected = Get-HelpFact $built $sourceDocs $help
        $culture = [cultureinfo]::CurrentCulture
        try {
            # "i" and "I" are two letters there, and a comma stands in numbers.
            [cultureinfo]::CurrentCulture = 'tr-TR'
            $facts = Get-HelpFact $built $sourceDocs $help
        } finally {
            [cultureinfo]::CurrentCulture = $culture
        }

        @($facts.Keys) | Should -BeExactly @($expected.Keys)
        @($facts.Values) | Should -BeExactly @($expected.Values)
    }
}

if ($canRender) {
    Describe 'Rendered help, with PlatyPS' {
        BeforeAll {
            Import-PlatyPS
        }

        AfterAll {
            Remove-Module Microsoft.PowerShell.PlatyPS
        }

        It 'is what the pages render to now' {
            $now = ConvertTo-Help $built $sourceDocs "$TestDrive/anew"
            Compare-Help (Get-RenderedHelp $sourceHelp) $now | Should -BeNullOrEmpty -Because './build.ps1 -Task Docs renders the help anew'
        }
    }
}

Describe 'Proof of the help' {
    BeforeEach {
        $docs = Join-Path $TestDrive (New-Guid)
        $folder = Join-Path $TestDrive (New-Guid)
        $null = New-Item -ItemType Directory $docs, $folder
        Set-Content "$docs/Get-Thing.md" '# Get-Thing', 'Gets a thing.'
        Set-Content "$docs/about_Things.md" '# about_Things'
        $script:module = New-ThingModule 'function Get-Thing([string] $Name) { }'
        $help = ConvertTo-AboutHelp $docs
        $help['Things-Help.xml'] = "<?xml version=`"1.0`"?>`n<one />`n"
        $help['Things-Help.xml'] = Add-HelpProof $help['Things-Help.xml'] (Get-HelpFact $module $docs $help)
        foreach ($name in $help.Keys) {
            Set-Text "$folder/$name" $help[$name]
        }
    }

    It 'finds nothing where nothing has changed' {
        Find-HelpFault $module $docs $folder | Should -BeNullOrEmpty
    }

    It 'is a comment in XML' {
        $xml = [xml] (Get-Content "$folder/Things-Help.xml" -Raw)
        $xml.ChildNodes.NodeType | Should -Be 'XmlDeclaration', 'Comment', 'Element'
        $xml.ChildNodes[1].Value | Should -Match '(?m)^cmdlet Get-Thing: [0-9a-f]{64}$'
    }

    It 'does not mind other ends of lines' {
        foreach ($file in Get-ChildItem $docs, $folder) {
            Set-Text $file.FullName ((Get-Text $file.FullName) -replace '\n', "`r`n")
        }

        Find-HelpFault $module $docs $folder | Should -BeNullOrEmpty
    }

    It 'names <What>' -TestCases $changes {
        & $Change
        $faults = @(Find-HelpFault $module $docs $folder)
        $faults.Count | Should -Be 1
        $faults[0] | Should -BeLike $Fault
    }

    It 'names all that has changed in copies of the true ones' {
        Copy-Item "$sourceDocs/*" $docs
        Remove-Item "$docs/Get-Thing.md", "$docs/about_Things.md"
        Remove-Item "$folder/*"
        $help = Get-RenderedHelp $sourceHelp
        $xml = $help['AsyncJobs.dll-Help.xml'] -replace $proofPattern
        $help['AsyncJobs.dll-Help.xml'] = Add-HelpProof $xml (Get-HelpFact $built $docs $help)
        $help.Keys.ForEach({ Set-Text "$folder/$_" $help[$_] })
        Find-HelpFault $built $docs $folder | Should -BeNullOrEmpty

        Set-Text "$docs/New-Future.md" (Get-Text "$docs/New-Future.md").Replace('future', 'Future')
        Set-Text "$docs/about_AsyncJobs.md" ((Get-Text "$docs/about_AsyncJobs.md") + "`n")
        Set-Text "$folder/AsyncJobs.dll-Help.xml" (Get-Text "$folder/AsyncJobs.dll-Help.xml").Replace('future', 'Future')
        Find-HelpFault $built $docs $folder | Should -Be @(
            'file AsyncJobs.dll-Help.xml has changed since the help was rendered'
            'page New-Future.md has changed since the help was rendered'
            'page about_AsyncJobs.md has changed since the help was rendered'
        )
    }
}

Describe 'Shape of a command' {
    BeforeAll {
        function Get-Shape([string] $Code) {
            Get-CommandShape (New-ThingModule $Code).ExportedCommands['Get-Thing']
        }

        $plain = Get-Shape 'function Get-Thing { [CmdletBinding()] param([string] $Name, [int] $Count) }'
    }

    It 'is another with another <What>' -TestCases $shapes {
        Get-Shape "function Get-Thing { [CmdletBinding()] param($Parameters) }" | Should -Not -Be $plain
    }

    It 'is another with another <What>' -TestCases @(
        @{ What = 'output'; Attributes = '[CmdletBinding()] [OutputType([int])]' }
        @{ What = 'default set'; Attributes = '[CmdletBinding(DefaultParameterSetName = "A")]' }
        @{ What = 'kind, one with -WhatIf'; Attributes = '[CmdletBinding(SupportsShouldProcess)]' }
        @{ What = 'alias'; Attributes = '[CmdletBinding()]'; After = 'Set-Alias thing Get-Thing; Export-ModuleMember * -Alias *' }
    ) {
        Get-Shape "function Get-Thing { $Attributes param([string] `$Name, [int] `$Count) }; $After" | Should -Not -Be $plain
    }

    It 'is the same whatever the command does, and in what order its parameters stand' {
        $code = 'function Get-Thing { [CmdletBinding(PositionalBinding = $false)] param('
        $shape = Get-Shape "$code [string] `$Name, [int] `$Count) }"
        Get-Shape "$code [string] `$Name, [int] `$Count) `$Name * `$Count }" | Should -Be $shape
        Get-Shape "$code [int] `$Count, [string] `$Name) }" | Should -Be $shape
    }

    It 'has the values of an enumeration of the module, and not those of one of .NET' {
        $shape = Get-CommandShape $built.ExportedCommands['Start-AsyncTask']
        $shape | Should -Match '(?m)^-Backoff <AsyncJobs\.BackoffKind>\n(  .+\n)*  enumeration: Constant, Linear, Exponential$'
        Get-Shape 'function Get-Thing([DayOfWeek] $Day) { }' | Should -Not -Match 'enumeration'
    }

    It 'names no version of .NET' {
        Get-Shape 'function Get-Thing([Nullable[int]] $Count) { }' | Should -Match '(?m)^-Count <System\.Nullable`1\[System\.Int32\]>$'
    }
}

Describe 'Text of a topic' {
    It 'shows <What>' -TestCases @(
        @{
            What = 'the title as the topic'
            Page = '# about_Things'
            Text = 'TOPIC', '    about_Things'
        }
        @{
            What = 'a heading in capitals, without marks'
            Page = '## The `loop`'
            Text = 'THE LOOP'
        }
        @{
            What = 'lines that follow each other as one paragraph'
            Page = 'One', 'two.', '', 'Three.'
            Text = '    One two.', '', '    Three.'
        }
        @{
            What = 'a paragraph in lines that fit'
            Page = 'One' + ' word' * 20
            Text = ('    One' + ' word' * 13), ('   ' + ' word' * 7)
        }
        @{
            What = 'a list, indented'
            Page = ('- One' + ' word' * 20), '- two'
            Text = ('    - One' + ' word' * 13), ('     ' + ' word' * 7), '    - two'
        }
        @{
            What = 'a numbered list'
            Page = '1. one', '2. two'
            Text = '    1. one', '    2. two'
        }
        @{
            What = 'code, indented and as it stands'
            Page = 'So:', '```powershell', 'if ($x) {', '    # `y`', '', '}', '```'
            Text = '    So:', '        if ($x) {', '            # `y`', '', '        }'
        }
        @{
            What = 'a table after its paragraph'
            Page = 'So:', '| `a` | b |'
            Text = '    So:', '    | a | b |'
        }
        @{
            What = 'links, code and emphasis as words'
            Page = 'See [about it](about_It.md), `$x` and **that**.'
            Text = '    See about it, $x and that.'
        }
    ) {
        ConvertTo-AboutText $Page 'about_Things' | Should -BeExactly $Text
    }
}

Describe 'Help on a console' {
    It 'has an example as one paragraph, its code indented' {
        $xml = @'
<maml:introduction>
  <maml:para>Gets `it`.</maml:para>
  <maml:para>```powershell
if ($x) {

    $x
}
```</maml:para>
  <maml:para>&#x80;</maml:para>
  <maml:para>```output
1
```</maml:para>
</maml:introduction>
'@
        $expected = @'
<maml:introduction><maml:para>Gets it.

    if ($x) {

        $x
    }

    1</maml:para></maml:introduction>
'@
        ConvertTo-ConsoleHelp $xml | Should -BeExactly ($expected -replace '\r')
    }

    It 'has no marks of code, links to files or links to nowhere' {
        ConvertTo-ConsoleHelp '<maml:para>`$x` and `$y`</maml:para>' | Should -BeExactly '<maml:para>$x and $y</maml:para>'
        ConvertTo-ConsoleHelp '<maml:uri>New-Future.md</maml:uri>' | Should -BeExactly '<maml:uri />'
        ConvertTo-ConsoleHelp '<maml:uri>https://example.org/a.md</maml:uri>' | Should -Match 'a\.md'
        $online = '<maml:navigationLink><maml:linkText>Online Version</maml:linkText><maml:uri /></maml:navigationLink>'
        ConvertTo-ConsoleHelp "<links>$online<maml:uri /></links>" | Should -BeExactly '<links><maml:uri /></links>'
    }
}
