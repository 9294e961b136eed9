# The steps of build.ps1. Each runs from the project's folder.

function Build-Module([string] $Configuration) {
    Assert-DotNetSdk
    Assert-Module Microsoft.PowerShell.PlatyPS 1.0

    # "dotnet build" would print its summary however quiet it is told to be.
    Invoke-Program dotnet @('msbuild', 'src/AsyncJobs', '-restore', '-nologo', '-verbosity:quiet', '-nodeReuse:false', "-property:Configuration=$Configuration;UseSharedCompilation=false")

    $target = 'output/AsyncJobs'
    Clear-Folder $target
    Copy-Item "src/AsyncJobs/bin/$Configuration/net8.0/AsyncJobs*.dll", 'src/AsyncJobs/*.ps1xml', 'AsyncJobs.psd1', 'LICENSE' $target
    Invoke-Pwsh '.build/Help.ps1'
    Write-Host "Built $target"
}

# Empties a folder. Files are never overwritten in place: a session that has the module's DLL loaded goes on with the
# old file, which on Windows can be renamed but not deleted.
function Clear-Folder([string] $Path) {
    $stale = New-Item -ItemType Directory -Force output/.stale
    Get-ChildItem $stale | Remove-Item -Force -ErrorAction Ignore
    foreach ($file in Get-ChildItem $Path -Recurse -File -ErrorAction Ignore) {
        try {
            Remove-Item -LiteralPath $file -Force
        } catch {
            Move-Item -LiteralPath $file (Join-Path $stale (New-Guid))
        }
    }

    $null = New-Item -ItemType Directory -Force $Path
}

# Runs all tests, prints the sum, and returns the number for exit: 0 when all is well.
function Test-Module([string[]] $Name, [string] $Configuration) {
    Assert-Module Pester 5.9
    $results = "$PWD/output/TestResults"
    Remove-Item $results -Recurse -Force -ErrorAction Ignore

    $sum = @{ Passed = 0; Failed = 0; Skipped = 0 }
    if ($Name -contains '*') {
        Add-Count $sum (Invoke-CoreTest $results $Configuration)
    }

    if (Test-Path tests/*.Tests.ps1) {
        Add-Count $sum (Invoke-PesterTest $results $Name)
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

# The xunit tests. A run that breaks off writes no counts: that is a failure too.
function Invoke-CoreTest([string] $Results, [string] $Configuration) {
    dotnet test AsyncJobs.sln --configuration $Configuration --nologo --verbosity quiet --disable-build-servers --logger 'console;verbosity=minimal' --logger 'trx;LogFilePrefix=xunit' --results-directory $Results | Out-Host
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

function Invoke-PesterTest([string] $Results, [string[]] $Name) {
    $file = Join-Path (New-Item -ItemType Directory -Force $Results) pester.json
    try {
        Invoke-Pwsh '.build/Pester.ps1' $file @(Get-Script tests $Name '.Tests.ps1') | Out-Host
        Get-Content $file -Raw | ConvertFrom-Json
    } catch {
        Write-Host "Pester broke off: $_"
        @{ Passed = 0; Failed = 1; Skipped = 0 }
    }
}

function Compress-Module {
    $version = (Import-PowerShellDataFile AsyncJobs.psd1).ModuleVersion
    $zip = "$PWD/output/AsyncJobs-$version.zip"
    Remove-Item $zip -ErrorAction Ignore
    [IO.Compression.ZipFile]::CreateFromDirectory("$PWD/output/AsyncJobs", $zip, 'Optimal', $true)
    Write-Host "Packed output/$(Split-Path -Leaf $zip)"
}
