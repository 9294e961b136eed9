<#
The help says what the cmdlets do, all of it, and its examples run.

An example is the ```powershell blocks of one "### Example" section, and in a topic and the README each block is one. It runs in a runspace of its own, in a folder with
the files below, with $ErrorActionPreference at its default; it must end in time and write no error. Its web server is
http://localhost:8080, in the README https://example.org, which stand for the server of .build/DemoServer.cs: see there
for what the paths answer. An
```output block is compared with what the example wrote; a ```text block, for what differs from run to run, is not.
#>
BeforeDiscovery {
    $module = Import-Module "$PSScriptRoot/../output/AsyncJobs/AsyncJobs.psd1" -PassThru
    $docs = Convert-Path "$PSScriptRoot/../docs/en-US"
    $commands = $module.ExportedCmdlets.Values | Sort-Object Name | ForEach-Object { @{ Command = $_; Name = $_.Name; Page = "$docs/$($_.Name).md" } }

    function Get-Example([string] $Path) {
        $text = (Get-Content $Path -Raw) -replace '\r'
        $from = [regex]::Match($text, '(?m)^## EXAMPLES$').Index
        $to = [regex]::Match($text, '(?m)^## PARAMETERS$').Index
        foreach ($section in $text.Substring($from, $to - $from) -split '(?m)^### ' | Select-Object -Skip 1) {
            $blocks = [regex]::Matches($section, '(?ms)^```(?<kind>\w+)\n(?<text>.*?)^```$')
            @{
                Page   = Split-Path -LeafBase $Path
                Title  = ($section -split '\n')[0]
                Code   = $blocks.Where({ $_.Groups['kind'].Value -eq 'powershell' }).ForEach({ $_.Groups['text'].Value }) -join ''
                Output = $blocks.Where({ $_.Groups['kind'].Value -eq 'output' }).ForEach({ $_.Groups['text'].Value }) -join ''
            }
        }
    }

    function Get-Block([string] $Path) {
        $number = 0
        foreach ($block in [regex]::Matches(((Get-Content $Path -Raw) -replace '\r'), '(?ms)^```powershell\n(?<text>.*?)^```$')) {
            @{ Page = Split-Path -LeafBase $Path; Title = "block $((++$number))"; Code = $block.Groups['text'].Value; Output = '' }
        }
    }

    $topics = Get-ChildItem $docs -Filter about_*.md | ForEach-Object { @{ Topic = $_.BaseName; Path = $_.FullName } }
    $readme = Convert-Path "$PSScriptRoot/../README.md"
    $examples = @(
        $commands.Page | Where-Object { Test-Path $_ } | ForEach-Object { Get-Example $_ }
        @($topics.Path; $readme) | ForEach-Object { Get-Block $_ }
    )
    $texts = Get-ChildItem $docs -Filter *.md | ForEach-Object FullName | ForEach-Object { @{ Path = $_; File = Split-Path -Leaf $_ } }
    $texts += @{ Path = $readme; File = 'README.md' }
}

Describe 'Help of <Name>' -ForEach $commands {
    BeforeAll {
        Import-Module Microsoft.PowerShell.PlatyPS
        if (-not (Test-Path $Page)) {
            throw "docs/en-US/$Name.md is missing; ./build.ps1 -Task Docs makes one to fill in."
        }

        $written = Import-MarkdownCommandHelp $Page
        $actual = New-CommandHelp $Command
        $shown = Get-Help $Name -Full
    }

    It 'has a page with nothing left to fill in' {
        Get-Content $Page | Where-Object { $_ -match '\{\{' } | Should -BeNullOrEmpty
        (Test-MarkdownCommandHelp $Page -DetailView).Messages.Where({ $_ -notmatch '^PASS' }) | Should -BeNullOrEmpty
    }

    It 'says something in every section' {
        # A name, or a word or two, is no description; a sentence ends as one.
        $sentence = '(?s)^\S+ .+ .+[.`)]$'
        $written.Synopsis | Should -Match '^[A-Z].+ .+ .+\.$'
        $written.Description | Should -Match $sentence
        ($written.Description -split '\s+').Count | Should -BeGreaterThan 25
        $written.Notes | Should -Match $sentence
        $written.RelatedLinks.LinkText | Should -Contain 'about_AsyncJobs'
        $written.RelatedLinks.Count | Should -BeGreaterThan 1
        foreach ($parameter in $written.Parameters) {
            $parameter.Description.Trim() | Should -Match $sentence -Because "-$($parameter.Name) is a parameter"
        }
    }

    It 'has examples with a title and a word of what they show' {
        @($written.Examples).Count | Should -BeGreaterThan 1
        $number = 0
        foreach ($example in $written.Examples) {
            $example.Title | Should -Match "^Example $((++$number)): \S+"
            $example.Remarks | Should -Match '^\s*[A-Z`][^`]*' -Because $example.Title
            $example.Remarks | Should -Match '(?m)^```powershell$' -Because $example.Title
        }
    }

    It 'shows the syntax that the cmdlet has' {
        # PlatyPS reads common parameters into the one and not into the other.
        @($written.Syntax) -replace ' \[<CommonParameters>\]' | Should -Be (@($actual.Syntax) -replace ' \[<CommonParameters>\]')
    }

    It 'shows the parameters that the cmdlet has' {
        function Format-Parameter($Parameter) {
            foreach ($set in $Parameter.ParameterSets | Sort-Object Name) {
                '-{0} {1} aliases={2} values={3} set={4} position={5} required={6} pipeline={7}/{8} rest={9} wildcards={10}' -f @(
                    $Parameter.Name, $Parameter.Type, ($Parameter.Aliases -join ','), ($Parameter.AcceptedValues -join ',')
                    $set.Name, $set.Position, $set.IsRequired, $set.ValueFromPipeline, $set.ValueFromPipelineByPropertyName, $set.ValueFromRemainingArguments
                    $Parameter.SupportsWildcards
                )
            }
        }

        $expected = $actual.Parameters | Sort-Object Name | ForEach-Object { Format-Parameter $_ }
        $written.Parameters | Sort-Object Name | ForEach-Object { Format-Parameter $_ } | Should -Be $expected -Because './build.ps1 -Task Docs brings the page in line'
    }

    It 'names the aliases of the cmdlet' {
        foreach ($alias in Get-Alias -Definition $Name -ErrorAction Ignore) {
            Get-Content $Page -Raw | Should -Match "(?m)^\s+``$alias``$"
        }
    }

    It 'describes every type that comes out and goes in' {
        foreach ($kind in 'Outputs', 'Inputs') {
            foreach ($type in $actual.$kind.Typename) {
                $written.$kind.Where({ $_.Typename -eq $type }).Description | Should -Not -BeNullOrEmpty -Because "$type is one of the $kind"
            }
        }
    }

    It 'is what Get-Help shows' {
        $shown.Synopsis | Should -Be $written.Synopsis
        ($shown.Description | Out-String).Trim() | Should -Not -BeNullOrEmpty
        @($shown.Examples.Example).Count | Should -BeGreaterThan 0
        @($shown.Examples.Example).Count | Should -Be @($written.Examples).Count
        foreach ($parameter in $actual.Parameters.Name) {
            ($shown.Parameters.Parameter.Where({ $_.Name -eq $parameter }).Description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$parameter is a parameter"
        }
    }
}

Describe 'Pages' {
    It 'exist for nothing but what the module has' {
        $pages = Get-ChildItem "$PSScriptRoot/../docs/en-US" -Filter *-*.md | ForEach-Object BaseName
        $pages.Where({ -not (Get-Command -Module AsyncJobs -CommandType Cmdlet $_ -ErrorAction Ignore) }) | Should -BeNullOrEmpty
    }

    It 'link only to pages that exist' {
        foreach ($page in Get-ChildItem "$PSScriptRoot/../docs/en-US" -Filter *.md) {
            foreach ($link in [regex]::Matches((Get-Content $page -Raw), '\]\((?<path>[^):#]+\.md)\)')) {
                Join-Path $page.DirectoryName $link.Groups['path'].Value | Should -Exist -Because "$($page.Name) links to it"
            }
        }
    }
}

Describe 'Names in <File>' -ForEach $texts {
    It 'are those of cmdlets and parameters that there are' {
        $module = Get-Module AsyncJobs
        $commands = $module.ExportedCmdlets
        $parameters = $commands.Values.Parameters.Values | ForEach-Object { $_.Name; $_.Aliases } | Sort-Object -Unique
        $text = (Get-Content $Path -Raw) -replace '\r'
        $codes = @(
            [regex]::Matches($text, '(?ms)^```powershell\n(?<code>.*?)^```$')
            [regex]::Matches(($text -replace '(?ms)^```.*?^```$'), '(?<!`)`(?<code>[^`\n]+)`(?!`)')
        ).ForEach({ $_.Groups['code'].Value.Replace('\|', '|') })
        foreach ($code in $codes) {
            if ($code -match '^-(?<name>[A-Z]\w+)') {
                $Matches.name | Should -BeIn $parameters -Because "$code stands there"
            }

            # Whatever else the code is, such as Python, it names no commands of ours.
            $ast = [Management.Automation.Language.Parser]::ParseInput($code, [ref] $null, [ref] $null)
            foreach ($call in $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
                $name = $call.GetCommandName()
                $command = $commands[$module.ExportedAliases["$name"]?.Definition ?? "$name"]
                if ($name -match '^[A-Z]\w+-(Async\w+|Future|WithTimeout)$') {
                    $command | Should -Not -BeNullOrEmpty -Because "$code stands there"
                }

                if ($command) {
                    foreach ($parameter in $call.CommandElements.Where({ $_ -is [Management.Automation.Language.CommandParameterAst] })) {
                        { $command.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw -Because "$code stands there"
                    }
                }
            }
        }
    }
}

Describe 'Topic <Topic>' -ForEach $topics {
    It 'is found by Get-Help' {
        Get-Help $Topic | Out-String | Should -Match "(?s)^\s*TOPIC\s+$Topic\s"
    }
}

Describe 'Examples' {
    BeforeAll {
        Add-Type -Path "$PSScriptRoot/../.build/DemoServer.cs" -IgnoreWarnings -WarningAction Ignore
        $server = [DemoServer]::new()
        $manifest = Convert-Path "$PSScriptRoot/../output/AsyncJobs/AsyncJobs.psd1"

        function New-ExampleFolder([string] $Path) {
            $null = New-Item -ItemType Directory $Path, "$Path/logs"
            1..3 | ForEach-Object { "$($server.BaseAddress)/pages/$_" } | Set-Content "$Path/urls.txt"
            'first line', 'second line' | Set-Content "$Path/notes.txt"
            '{ "name": "demo", "retries": 3 }' | Set-Content "$Path/settings.json"
            'Name,Url', "alpha,$($server.BaseAddress)/alpha/1", "beta,$($server.BaseAddress)/beta/2" | Set-Content "$Path/servers.csv"
            1..3 | ForEach-Object { "line 1 of log $_", "ERROR in log $_" | Set-Content "$Path/logs/app$_.log" }
        }

        function Invoke-Example([string] $Code, [string] $Folder) {
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("Import-Module '$manifest'; Set-Location -LiteralPath '$Folder'").Invoke()
                $shell.Commands.Clear()
                $script = ($Code -replace 'http://localhost:8080|https://example\.org', $server.BaseAddress).Replace('./output/AsyncJobs', "'$manifest'")
                $null = $shell.AddScript($script).AddCommand('Out-String').AddParameter('Width', 120)
                $run = $shell.BeginInvoke()
                if (-not $run.AsyncWaitHandle.WaitOne([timespan]::FromSeconds(30))) {
                    $null = $shell.BeginStop($null, $null)
                    throw 'The example did not end within 30 seconds.'
                }

                (-join $shell.EndInvoke($run)).Replace($server.BaseAddress, 'http://localhost:8080')
                $shell.Streams.Error | ForEach-Object { throw "The example wrote an error: $_" }
            } finally {
                $shell.Dispose()
            }
        }
    }

    AfterAll {
        $server.Dispose()
    }

    It '<Page>, <Title>' -TestCases $examples {
        $folder = Join-Path $TestDrive (New-Guid)
        New-ExampleFolder $folder
        $Code | Should -Not -BeNullOrEmpty
        $written = Invoke-Example $Code $folder
        if ($Output) {
            ($written -replace '\r' -replace '(?m)[ ]+$').Trim() | Should -Be ($Output -replace '(?m)[ ]+$').Trim()
        }
    }
}
