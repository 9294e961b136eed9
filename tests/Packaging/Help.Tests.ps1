<#
The help says what the cmdlets do, all of it, and its examples run.

An example is the ```powershell blocks of one "### Example" section, and in the README each block is one. The blocks of a
topic run one after the other in one session, since each may build on those before it. An example runs in a runspace of its
own, in a folder with the files below, with $ErrorActionPreference at its default; it must end in time and write no error. Its
web server is http://localhost:8080, which stands for the server of .build/DemoServer.cs: see there for what the paths answer.
The port 8123 stands for one that is free, and ./providers for a folder with database providers. An ```output block is
compared with what the example wrote; a ```text block, for what differs from run to run, is not. An example without either
writes nothing.
#>
BeforeDiscovery {
    $module = Import-Module "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1" -PassThru
    $docs = Convert-Path "$PSScriptRoot/../../docs/en-US"
    $commands = $module.ExportedCmdlets.Values | Sort-Object Name | ForEach-Object {
        @{ Command = $_; Name = $_.Name; Page = "$docs/$($_.Name).md" }
    }

    function Get-Example([string] $Path) {
        $text = (Get-Content $Path -Raw) -replace '\r'
        $from = [regex]::Match($text, '(?m)^## EXAMPLES$').Index
        $to = [regex]::Match($text, '(?m)^## PARAMETERS$').Index
        foreach ($section in $text.Substring($from, $to - $from) -split '(?m)^### ' | Select-Object -Skip 1) {
            $blocks = [regex]::Matches($section, '(?ms)^```(?<kind>\w+)\n(?<text>.*?)^```$')
            @{
                Page    = Split-Path -LeafBase $Path
                Title   = ($section -split '\n')[0]
                Code    = $blocks.Where({ $_.Groups['kind'].Value -eq 'powershell' }).ForEach({ $_.Groups['text'].Value }) -join ''
                Output  = $blocks.Where({ $_.Groups['kind'].Value -eq 'output' }).ForEach({ $_.Groups['text'].Value }) -join ''
                IsShown = $blocks.Where({ $_.Groups['kind'].Value -in 'output', 'text' }).Count -gt 0
            }
        }
    }

    Import-Module "$PSScriptRoot/../Support/CodeBlocks.psm1"

    $topics = Get-ChildItem $docs -Filter about_*.md | ForEach-Object { @{ Topic = $_.BaseName; Path = $_.FullName } }
    $readme = Convert-Path "$PSScriptRoot/../../README.md"
    $examples = @(
        $commands.Page | Where-Object { Test-Path $_ } | ForEach-Object { Get-Example $_ } | ForEach-Object {
            @{ Page = $_.Page; Title = $_.Title; Blocks = @(@{ Code = $_.Code; Output = $_.Output; IsShown = $_.IsShown }) }
        }
        $topics | ForEach-Object { @{ Page = $_.Topic; Title = 'from top to bottom'; Blocks = @(Get-CodeBlock $_.Path) } }
        $number = 0
        Get-CodeBlock $readme | ForEach-Object { @{ Page = 'README'; Title = "block $((++$number))"; Blocks = @($_) } }
    )
    $texts = Get-ChildItem $docs -Filter *.md | ForEach-Object FullName | ForEach-Object { @{ Path = $_; File = Split-Path -Leaf $_ } }
    $texts += @{ Path = $readme; File = 'README.md' }
}

Describe 'Help of <Name>' -ForEach $commands {
    BeforeAll {
        if (-not (Test-Path $Page)) {
            throw "docs/en-US/$Name.md is missing; ./build.ps1 -Task Docs makes one to fill in."
        }

        $text = (Get-Content $Page -Raw) -replace '\r'
        $shown = Get-Help $Name -Full

        function Get-Section([string] $Title) {
            [regex]::Match($text, "(?ms)^## $Title\n(?<body>.*?)(?=^## |\z)").Groups['body'].Value.Trim()
        }

        function Get-Part([string] $Section) {
            foreach ($part in (Get-Section $Section) -split '(?m)^### ' | Select-Object -Skip 1) {
                $title, $body = $part -split '\n', 2
                @{ Title = $title; Body = "$body".Trim() }
            }
        }

        # What stands below the text of a parameter, a line for each set; but for its default value and the values it accepts,
        # which are the page's own.
        function Format-Parameter([Management.Automation.ParameterMetadata] $Parameter) {
            $attribute = $Parameter.Attributes.Where({ $_ -is [Management.Automation.ParameterAttribute] })[0]
            "Type: $($Parameter.ParameterType.FullName)"
            "SupportsWildcards: $($Parameter.Attributes.Where({ $_ -is [SupportsWildcards] }).Count -gt 0)"
            $Parameter.Aliases ? @('Aliases:'; $Parameter.Aliases | ForEach-Object { "- $_" }) : 'Aliases: []'
            'ParameterSets:'
            foreach ($name in $Parameter.ParameterSets.Keys) {
                $set = $Parameter.ParameterSets[$name]
                @(
                    "- Name: $($name -eq '__AllParameterSets' ? '(All)' : $name)"
                    "Position: $($set.Position -lt 0 ? 'Named' : $set.Position)"
                    "IsRequired: $($set.IsMandatory)"
                    "ValueFromPipeline: $($set.ValueFromPipeline)"
                    "ValueFromPipelineByPropertyName: $($set.ValueFromPipelineByPropertyName)"
                    "ValueFromRemainingArguments: $($set.ValueFromRemainingArguments)"
                ) -join ', '
            }

            "DontShow: $($attribute.DontShow)"
            "HelpMessage: '$($attribute.HelpMessage)'"
        }
    }

    It 'has a page with all sections, in order, and nothing left to fill in' {
        $text | Should -Not -Match '\{\{'
        $sections = [regex]::Matches($text, '(?m)^## (?<title>.+)$').ForEach({ $_.Groups['title'].Value })
        $sections | Where-Object { $_ -ne 'ALIASES' } | Should -Be @(
            'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'EXAMPLES', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS'
        )
        $text | Should -Match "(?m)^title: $Name\n---\n\n# $Name\n"
    }

    It 'says something in every section' {
        # A name, or a word or two, is no description; a sentence ends as one.
        $sentence = '(?s)^\S+ .+ .+[.`)]$'
        Get-Section SYNOPSIS | Should -Match '^[A-Z].+ .+ .+\.$'
        Get-Section DESCRIPTION | Should -Match $sentence
        ((Get-Section DESCRIPTION) -split '\s+').Count | Should -BeGreaterThan 25
        Get-Section NOTES | Should -Match $sentence
        $links = [regex]::Matches((Get-Section 'RELATED LINKS'), '(?m)^- \[(?<text>[^\]]+)\]').ForEach({ $_.Groups['text'].Value })
        $links | Should -Contain 'about_AsyncJobs'
        $links.Count | Should -BeGreaterThan 1
        foreach ($parameter in Get-Part PARAMETERS) {
            ($parameter.Body -replace '(?s)```yaml.*').Trim() | Should -Match $sentence -Because "$($parameter.Title) is one"
        }
    }

    It 'has examples with a title and a word of what they show' {
        $examples = @(Get-Part EXAMPLES)
        $examples.Count | Should -BeGreaterThan 1
        $number = 0
        foreach ($example in $examples) {
            $example.Title | Should -Match "^Example $((++$number)): \S+"
            $example.Body | Should -Match '^[A-Z`][^`]*' -Because $example.Title
            $example.Body | Should -Match '(?m)^```powershell$' -Because $example.Title
        }
    }

    It 'shows the syntax that the cmdlet has' {
        $written = Get-Part SYNTAX | ForEach-Object { "$($_.Title): $($_.Body.Trim('`', "`n") -replace '\s+', ' ')" }
        $hidden = $Command.Parameters.Values.Where({ $_.Attributes.DontShow -contains $true }).ForEach({ [regex]::Escape(" [-$($_.Name) <") + '[^>]+>\]' }) -join '|'
        $expected = $Command.ParameterSets | ForEach-Object { "$($_.Name)$($_.IsDefault ? ' (Default)' : ''): $Name $_" -replace "(?:$hidden)" }
        $written | Sort-Object | Should -Be ($expected | Sort-Object) -Because './build.ps1 -Task Docs brings the page in line'
    }

    It 'shows the parameters that the cmdlet has' {
        # One that is not shown is there only to tell what is wrong.
        $parameters = $Command.Parameters.Values.Where({ $_.Name -notin [Management.Automation.Cmdlet]::CommonParameters -and $_.Attributes.DontShow -notcontains $true })
        $parts = @(Get-Part PARAMETERS | Where-Object Title -NE 'CommonParameters')
        $parts.Title | Sort-Object | Should -Be ($parameters.ForEach({ "-$($_.Name)" }) | Sort-Object)
        foreach ($part in $parts) {
            $yaml = [regex]::Match($part.Body, '(?s)```yaml\n(?<text>.*)\n```').Groups['text'].Value
            $written = $yaml -replace '(?m)^(DefaultValue|AcceptedValues):.*\n(- .*\n)*' -replace '\n  ', ', ' -split '\n'
            $expected = Format-Parameter $Command.Parameters[$part.Title.Substring(1)]
            $written | Sort-Object | Should -Be ($expected | Sort-Object) -Because "./build.ps1 -Task Docs brings $($part.Title) in line"
        }
    }

    It 'names the aliases of the cmdlet' {
        foreach ($alias in Get-Alias -Definition $Name -ErrorAction Ignore) {
            Get-Section ALIASES | Should -Match "(?m)^\s*``$alias``$"
        }
    }

    It 'describes every type that comes out and goes in' {
        $piped = $Command.Parameters.Values.Where({
            $_.ParameterSets.Values.Where({ $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName })
        })
        $types = @{ OUTPUTS = $Command.OutputType.Name; INPUTS = $piped.ParameterType.FullName }
        foreach ($section in $types.Keys) {
            $parts = Get-Part $section
            foreach ($type in $types[$section]) {
                $parts.Where({ $_.Title -eq $type }).Body | Should -Not -BeNullOrEmpty -Because "$type is one of the $section"
            }
        }
    }

    It 'is what Get-Help shows' {
        $shown.Synopsis | Should -Be ((Get-Section SYNOPSIS) -replace '`')
        ($shown.Description | Out-String).Trim() | Should -Not -BeNullOrEmpty
        @($shown.Examples.Example).Count | Should -BeGreaterThan 0
        @($shown.Examples.Example).Count | Should -Be @(Get-Part EXAMPLES).Count
        foreach ($parameter in (Get-Part PARAMETERS).Title.Where({ $_ -ne 'CommonParameters' })) {
            $description = $shown.Parameters.Parameter.Where({ "-$($_.Name)" -eq $parameter }).Description
            ($description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "$parameter is a parameter"
        }
    }
}

Describe 'Pages' {
    It 'exist for nothing but what the module has' {
        $pages = Get-ChildItem "$PSScriptRoot/../../docs/en-US" -Filter *-*.md | ForEach-Object BaseName
        $pages.Where({ -not (Get-Command -Module AsyncJobs -CommandType Cmdlet $_ -ErrorAction Ignore) }) | Should -BeNullOrEmpty
    }

    It 'link only to pages that exist' {
        foreach ($page in Get-ChildItem "$PSScriptRoot/../../docs/en-US" -Filter *.md) {
            $links = @([regex]::Matches((Get-Content $page -Raw), '\]\((?<path>[^):#]+\.md)\)').ForEach({ $_.Groups['path'].Value }) | Select-Object -Unique)
            $links.Where({ -not (Test-Path (Join-Path $page.DirectoryName $_)) }) | Should -BeNullOrEmpty -Because "$($page.Name) links to it"
        }
    }
}

Describe 'Names of cmdlets and parameters' {
    BeforeAll {
        $module = Get-Module AsyncJobs
        $commands = $module.ExportedCmdlets
        $parameters = $commands.Values.Parameters.Values | ForEach-Object { $_.Name; $_.Aliases } | Sort-Object -Unique
    }

    It 'in <File> are those that there are' -TestCases $texts {
        $text = (Get-Content $Path -Raw) -replace '\r'
        $codes = @(
            [regex]::Matches($text, '(?ms)^```powershell\n(?<code>.*?)^```$')
            [regex]::Matches(($text -replace '(?ms)^```.*?^```$'), '(?<!`)`(?<code>[^`\n]+)`(?!`)')
        ).ForEach({ $_.Groups['code'].Value.Replace('\|', '|') })
        $wrong = foreach ($code in $codes) {
            if ($code -match '^-(?<name>[A-Z]\w+)' -and $Matches.name -notin $parameters) {
                "no parameter: $code"
            }

            # Whatever else the code is, such as Python, it names no commands of ours.
            $ast = [Management.Automation.Language.Parser]::ParseInput($code, [ref] $null, [ref] $null)
            foreach ($call in $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
                $name = $call.GetCommandName()
                $command = $commands[$module.ExportedAliases["$name"]?.Definition ?? "$name"]
                if ($name -match '^[A-Z]\w+-(Async\w+|Future|WithTimeout)$' -and -not $command) {
                    "no cmdlet ${name}: $code"
                }

                if ($command) {
                    foreach ($parameter in $call.CommandElements.Where({ $_ -is [Management.Automation.Language.CommandParameterAst] })) {
                        try { $null = $command.ResolveParameter($parameter.ParameterName) } catch { "${_}: $code" }
                    }
                }
            }
        }

        $wrong | Should -BeNullOrEmpty
    }
}

Describe 'Topic <Topic>' -ForEach $topics {
    It 'is found by Get-Help' {
        Get-Help $Topic | Out-String | Should -Match "(?s)^\s*TOPIC\s+$Topic\s"
    }
}

Describe 'Examples' {
    BeforeAll {
        Add-Type -Path "$PSScriptRoot/../../.build/DemoServer.cs" -IgnoreWarnings -WarningAction Ignore
        $server = [DemoServer]::new()
        Import-Module "$PSScriptRoot/../Support/Database.psm1"
        Import-Module "$PSScriptRoot/../Support/CodeBlocks.psm1"
        $providers = Split-Path (Get-DatabaseProvider Npgsql)
        $manifest = Convert-Path "$PSScriptRoot/../../output/AsyncJobs/AsyncJobs.psd1"

        function New-ExampleFolder([string] $Path) {
            $null = New-Item -ItemType Directory $Path, "$Path/logs"
            1..3 | ForEach-Object { "$($server.BaseAddress)/pages/$_" } | Set-Content "$Path/urls.txt"
            'first line', 'second line' | Set-Content "$Path/notes.txt"
            '{ "name": "demo", "retries": 3 }' | Set-Content "$Path/settings.json"
            'Name,Url', "alpha,$($server.BaseAddress)/alpha/1", "beta,$($server.BaseAddress)/beta/2" | Set-Content "$Path/servers.csv"
            1..3 | ForEach-Object { "line 1 of log $_", "ERROR in log $_" | Set-Content "$Path/logs/app$_.log" }
        }

        # Runs blocks one after the other in one session, and throws where one fails or writes something else than it should.
        function Invoke-Example([object[]] $Blocks, [string] $Folder) {
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("Import-Module '$manifest'; Set-Location -LiteralPath '$Folder'").Invoke()
                $port = Get-FreePort
                foreach ($block in $Blocks) {
                    $shell.Commands.Clear()
                    $code = $block.Code.Replace('http://localhost:8080', $server.BaseAddress).Replace('8123', $port)
                    $code = $code.Replace('./output/AsyncJobs', "'$manifest'").Replace('./providers', $providers)
                    $null = $shell.AddScript($code).AddCommand('Out-String').AddParameter('Width', 120)
                    $run = $shell.BeginInvoke()
                    if (-not $run.AsyncWaitHandle.WaitOne([timespan]::FromSeconds(30))) {
                        $null = $shell.BeginStop($null, $null)
                        throw "The example did not end within 30 seconds: $code"
                    }

                    $written = (-join $shell.EndInvoke($run)).Replace($server.BaseAddress, 'http://localhost:8080')
                    $shell.Streams.Error | ForEach-Object { throw "The example wrote an error: $_`n$code" }
                    if ($block.Output) {
                        Format-Output $written | Should -Be (Format-Output $block.Output) -Because "this was run:`n$code"
                    } elseif (-not $block.IsShown) {
                        Format-Output $written | Should -BeNullOrEmpty -Because "no output is shown below this:`n$code"
                    }
                }
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
        $Blocks.Code | Should -Not -BeNullOrEmpty
        Invoke-Example $Blocks $folder
    }
}
