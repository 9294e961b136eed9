# The steps of build.ps1. Each runs from the project's folder.

# Builds output/AsyncJobs by itself, or with all that a solution has beside it.
function Build-Module([string] $Configuration, [string] $Project = 'src/AsyncJobs') {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    Build-Project $Project $Configuration
    Sync-Module $Configuration
    Write-Host "Built output/AsyncJobs in $(Format-Seconds $watch)."
}

function Build-Project([string] $Project, [string] $Configuration) {
    Assert-DotNetSdk

    # "dotnet build" would print its summary however quiet it is told to be.
    Invoke-Program dotnet (@('msbuild', $Project, '-restore', '-nologo', '-verbosity:quiet', "-property:Configuration=$Configuration") + $buildServerSwitches) | Out-Host
}

function Format-Seconds([Diagnostics.Stopwatch] $Watch) {
    '{0:n0} s' -f $Watch.Elapsed.TotalSeconds
}

function Sync-Module([string] $Configuration) {
    $files = @{}
    foreach ($file in Get-Item "src/AsyncJobs/bin/$Configuration/net8.0/AsyncJobs*.dll", 'src/AsyncJobs/*.ps1xml', 'AsyncJobs.psd1', 'LICENSE') {
        $files[$file.Name] = $file
    }

    foreach ($file in Get-ChildItem src/AsyncJobs/en-US -File) {
        $files[(Join-Path en-US $file.Name)] = $file
    }

    Sync-Folder output/AsyncJobs $files
}

# Brings the pages in line with the built cmdlets and renders the help from them.
function Update-Help([string] $Configuration) {
    Invoke-Pwsh '.build/Help.ps1'
    Sync-Module $Configuration
}

# Makes a folder hold these files (by their place in it) and no others. Files are never overwritten in place: a session
# that has the module's DLL loaded goes on with the old file, which on Windows can be renamed but not deleted.
function Sync-Folder([string] $Path, [hashtable] $File) {
    $stale = New-Item -ItemType Directory -Force output/.stale
    Get-ChildItem $stale | Remove-Item -Force -ErrorAction Ignore
    $root = (New-Item -ItemType Directory -Force $Path).FullName
    $same = @{}
    foreach ($old in Get-ChildItem $root -Recurse -File) {
        $place = [IO.Path]::GetRelativePath($root, $old.FullName)
        $new = $File[$place]
        if ($new -and $new.Length -eq $old.Length -and $new.LastWriteTimeUtc -eq $old.LastWriteTimeUtc) {
            $same[$place] = $true
            continue
        }

        try {
            Remove-Item -LiteralPath $old -Force
        } catch {
            Move-Item -LiteralPath $old (Join-Path $stale (New-Guid))
        }
    }

    foreach ($place in $File.Keys.Where({ -not $same[$_] })) {
        $target = Join-Path $root $place
        $null = New-Item -ItemType Directory -Force (Split-Path $target)
        Copy-Item -LiteralPath $File[$place] $target
    }
}

# Builds, runs the tests of these names, prints the sum, and returns the number for exit: 0 when all is well. For each processor
# two processes test side by side, since half of what most tests do is wait.
function Test-Module([string[]] $Name, [string] $Configuration, [switch] $NoBuild) {
    $classes = @(Find-File tests $Name 'Tests.cs' -Recurse | ForEach-Object BaseName)
    $files = @(Find-File tests $Name '.Tests.ps1' -Recurse | ForEach-Object FullName)
    if (-not $classes -and -not $files) {
        throw "There is no test named $($Name -join ', ')."
    }

    $project = $classes ? 'AsyncJobs.sln' : 'src/AsyncJobs'
    if (-not $NoBuild) {
        Build-Module $Configuration $project
    } elseif ($classes) {
        # The module stays as it is; tests that have changed do not.
        Build-Project $project $Configuration
    }

    $results = "$PWD/output/TestResults"
    Remove-Item $results -Recurse -Force -ErrorAction Ignore
    $null = New-Item -ItemType Directory -Force $results

    $isWhole = $Name -contains '*'
    $filter = $isWhole ? @() : @('--filter', ($classes.ForEach({ "FullyQualifiedName~.$_." }) -join '|'))
    $pester = if ($files) { Get-Pester }
    $taken = [IO.Directory]::CreateTempSubdirectory('AsyncJobs-tests-').FullName
    $ordered = @(Get-LongestFirst $files)
    $limit = 2 * [Environment]::ProcessorCount
    $parts = @(if ($isWhole) { 'Format' }; if ($classes) { 'Xunit' }; if ($files) { 1..[Math]::Min($limit, $files.Count) })
    $sum = @{ Passed = 0; Failed = 0; Skipped = 0 }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    # Code that runs once or twice is worth no second thoughts of the compiler, and what soon ends few collections: 128 MB a time.
    $profiling, $budget = $env:DOTNET_TieredPGO, $env:DOTNET_GCgen0size
    $env:DOTNET_TieredPGO, $env:DOTNET_GCgen0size = '0', '8000000'
    try {
        $parts | ForEach-Object -ThrottleLimit $limit -Parallel {
            . "$using:PWD/.build/Tools.ps1"
            . "$using:PWD/.build/Steps.ps1"
            switch ($_) {
                'Format' { Test-Format }
                'Xunit' { Invoke-XunitTest $using:results $using:Configuration $using:filter }
                default { Invoke-PesterTest $using:pester $using:ordered $using:taken $_ }
            }
        } | ForEach-Object { Add-Count $sum $_ }
    } finally {
        $env:DOTNET_TieredPGO, $env:DOTNET_GCgen0size = $profiling, $budget
    }

    $missed = $ordered.Count - @(Get-ChildItem $taken -Exclude *.json).Count
    if ($missed) {
        Write-Host "$missed test files were not run."
        $sum.Failed += $missed
    }

    Remove-Item $taken -Recurse -Force
    $skipped = $sum.Skipped ? ", $($sum.Skipped) skipped" : ''
    Write-Host "$($sum.Passed) passed, $($sum.Failed) failed$skipped in $(Format-Seconds $watch)"
    [int]($sum.Failed -gt 0 -or $sum.Passed -eq 0)
}

function Add-Count([hashtable] $Sum, $Count) {
    foreach ($key in @($Sum.Keys)) {
        $Sum[$key] += $Count.$key
    }
}

# Those that take 20 seconds and more begin first: the end would wait for one that begins late.
function Get-LongestFirst([string[]] $Path) {
    $long = 'Coroutine.Differential', 'Coroutine.Fuzz', 'Help', 'Coroutine.Endings', 'Deadlock.Nested', 'Progress', 'Examples.Admin', 'Session',
        'Coroutine.Prompt', 'Start-AsyncFileRead', 'Database.PostgreSql', 'ThreadTask.Results', 'Start-AsyncConnectionTest.Network', 'Deadlock',
        'Trace.Page', 'ThreadTask.Endings', 'FileReplacement', 'Start-AsyncProcess', 'Coroutine.Depth', 'Web.Faults', 'Watch-AsyncTask'
    $Path | Sort-Object -Stable { $at = $long.IndexOf((Split-Path -Leaf $_) -replace '\.Tests\.ps1$'); $at -lt 0 ? $long.Count : $at }
}

# The rest of what `dotnet format` mends has failed the build, but for a needless `this`.
function Test-Format {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $isFormatted = $true
    foreach ($part in @('whitespace'), @('style', '--diagnostics', 'IMPORTS')) {
        dotnet format @part AsyncJobs.sln --verify-no-changes --no-restore --verbosity quiet 2>&1 | Out-Host
        $isFormatted = $isFormatted -and $LASTEXITCODE -eq 0
    }

    Write-Host "The code is $($isFormatted ? 'formatted' : 'not formatted; to mend it: dotnet format') ($(Format-Seconds $watch))."
    @{ Passed = [int]$isFormatted; Failed = [int](-not $isFormatted); Skipped = 0 }
}

# A run that breaks off writes no counts: that is a failure too.
function Invoke-XunitTest([string] $Results, [string] $Configuration, [string[]] $Filter) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $said = dotnet test AsyncJobs.sln --configuration $Configuration --no-build --nologo --verbosity quiet --logger 'console;verbosity=minimal' --logger 'trx;LogFilePrefix=xunit' --results-directory $Results @Filter 2>&1
    $exitCode = $LASTEXITCODE
    Write-Host "$($said -join "`n")`nxunit's tests took $(Format-Seconds $watch)."
    $counters = Get-ChildItem $Results -Filter *.trx -ErrorAction Ignore | ForEach-Object { ([xml](Get-Content $_ -Raw)).TestRun.ResultSummary.Counters }
    $count = @{
        Passed  = [int]($counters | Measure-Object passed -Sum).Sum
        Failed  = [int]($counters | ForEach-Object { [int]$_.total - [int]$_.passed - [int]$_.notExecuted } | Measure-Object -Sum).Sum
        Skipped = [int]($counters | Measure-Object notExecuted -Sum).Sum
    }
    if ($exitCode -ne 0 -and $count.Failed -eq 0) {
        $count.Failed = 1
    }

    $count
}

# A PowerShell that runs the files, each the next that no other has taken. What it says of a file comes in one piece, with what
# it writes on its error stream: as an error of this one that would end the run. -WhatIf says what it would do to the host alone,
# which no test can keep from here.
function Invoke-PesterTest([string] $Pester, [string[]] $Path, [string] $Taken, [int] $Number) {
    $file = Join-Path $Taken "sum-$Number.json"
    $renderMode = [Console]::IsOutputRedirected ? 'Plaintext' : 'Ansi'
    $said = [Collections.Generic.List[string]]::new()
    try {
        Invoke-Pwsh "$PWD/.build/Pester.ps1" $Pester $renderMode $Taken $file $Path 2>&1 | ForEach-Object {
            if ($_ -eq '--') {
                Write-Host (($said | Where-Object { $_ -notmatch '^$|Running tests from \d+ files|Tests completed in |Tests Passed: \d|^What if: ' }) -join "`n")
                $said.Clear()
            } else {
                $said.Add($_)
            }
        }
        Get-Content $file -Raw -ErrorAction Stop | ConvertFrom-Json
    } catch {
        Write-Host "$($said -join "`n")`nPester broke off: $_"
        @{ Passed = 0; Failed = 1; Skipped = 0 }
    }
}
