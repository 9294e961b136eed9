# The steps of build.ps1. Each runs from the project's folder.

function Build-Module([string] $Configuration) {
    Assert-DotNetSdk

    # "dotnet build" would print its summary however quiet it is told to be.
    Invoke-Program dotnet (@('msbuild', 'src/AsyncJobs', '-restore', '-nologo', '-verbosity:quiet', "-property:Configuration=$Configuration") + $buildServerSwitches)

    Sync-Module $Configuration
    Write-Host 'Built output/AsyncJobs'
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

# Runs the tests of these names, prints the sum, and returns the number for exit: 0 when all is well.
function Test-Module([string[]] $Name, [string] $Configuration) {
    $results = "$PWD/output/TestResults"
    Remove-Item $results -Recurse -Force -ErrorAction Ignore
    $null = New-Item -ItemType Directory -Force $results

    $classes = @(Find-File tests $Name 'Tests.cs' -Recurse | ForEach-Object BaseName)
    $files = @(Find-File tests $Name '.Tests.ps1' -Recurse | ForEach-Object FullName)
    if (-not $classes -and -not $files) {
        throw "There is no test named $($Name -join ', ')."
    }

    $sum = @{ Passed = 0; Failed = 0; Skipped = 0 }
    if ($Name -contains '*') {
        Add-Count $sum (Test-Format)
        Add-Count $sum (Invoke-XunitTest $results $Configuration)
    } elseif ($classes) {
        Add-Count $sum (Invoke-XunitTest $results $Configuration @('--filter', ($classes.ForEach({ "FullyQualifiedName~.$_." }) -join '|')))
    }

    if ($files) {
        Invoke-PesterTest $files | ForEach-Object { Add-Count $sum $_ }
    }

    $skipped = $sum.Skipped ? ", $($sum.Skipped) skipped" : ''
    Write-Host "$($sum.Passed) passed, $($sum.Failed) failed$skipped"
    [int]($sum.Failed -gt 0 -or $sum.Passed -eq 0)
}

function Add-Count([hashtable] $Sum, $Count) {
    foreach ($key in @($Sum.Keys)) {
        $Sum[$key] += $Count.$key
    }
}

function Test-Format {
    # Restored here, because a project that is not would be passed over without a word.
    Invoke-Program dotnet (@('msbuild', 'AsyncJobs.sln', '-target:Restore', '-nologo', '-verbosity:quiet') + $buildServerSwitches) | Out-Host
    dotnet format AsyncJobs.sln --verify-no-changes --no-restore --verbosity quiet 2>&1 | Out-Host
    $isFormatted = $LASTEXITCODE -eq 0
    Write-Host ($isFormatted ? 'The code is formatted.' : 'The code is not formatted. To mend it: dotnet format')
    @{ Passed = [int]$isFormatted; Failed = [int](-not $isFormatted); Skipped = 0 }
}

# A run that breaks off writes no counts: that is a failure too.
function Invoke-XunitTest([string] $Results, [string] $Configuration, [string[]] $Filter) {
    dotnet test AsyncJobs.sln --configuration $Configuration --nologo --verbosity quiet @buildServerSwitches --logger 'console;verbosity=minimal' --logger 'trx;LogFilePrefix=xunit' --results-directory $Results @Filter | Out-Host
    $exitCode = $LASTEXITCODE
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

# Two PowerShells for each processor run the files, each the next that is left: half of what most of them do is wait. What one
# says of a file comes in one piece; those of coroutines and diagnostics, which take longest, go first.
function Invoke-PesterTest([string[]] $Path) {
    $pester = Get-Pester
    # Not among the results, which a test of the build may remove.
    $taken = [IO.Directory]::CreateTempSubdirectory('AsyncJobs-tests-').FullName
    $renderMode = [Console]::IsOutputRedirected ? 'Plaintext' : 'Ansi'
    $ordered = @($Path | Sort-Object -Stable { $_ -notmatch '[\\/](Coroutines|Diagnostics)[\\/]' })
    $runners = [Math]::Min(2 * [Environment]::ProcessorCount, $ordered.Count)
    1..$runners | ForEach-Object -ThrottleLimit $runners -Parallel {
        . "$using:PWD/.build/Tools.ps1"
        $file = Join-Path $using:taken "sum-$_.json"
        try {
            $said = [Collections.Generic.List[string]]::new()
            Invoke-Pwsh "$using:PWD/.build/Pester.ps1" $using:pester $using:renderMode $using:taken $file $using:ordered | ForEach-Object {
                if ($_ -eq '--') {
                    Write-Host (($said | Where-Object { $_ -notmatch '^$|Running tests from \d+ files|Tests completed in |Tests Passed: \d' }) -join "`n")
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

    $missed = $ordered.Count - @(Get-ChildItem $taken -Exclude *.json).Count
    if ($missed) {
        Write-Host "$missed test files were not run."
        @{ Passed = 0; Failed = $missed; Skipped = 0 }
    }

    Remove-Item $taken -Recurse -Force
}
