# The package that the PowerShell Gallery takes: published to a repository that is a folder, installed from there, and
# used by a session that knows nothing of this clone.
BeforeAll {
    . "$PSScriptRoot/../../.build/PowerShellHost.ps1"
    $root = Convert-Path "$PSScriptRoot/../.."
    $version = (Import-PowerShellDataFile "$root/AsyncJobs.psd1").ModuleVersion
    $data = (New-Item -ItemType Directory "$TestDrive/data").FullName
    $repository = (New-Item -ItemType Directory "$TestDrive/repository").FullName

    $modules = "$((New-Item -ItemType Directory "$data/.local/share").FullName)/powershell/Modules"

    # Runs script in a PowerShell whose home, and so its list of repositories and its installed modules, is in the test's
    # own folder, and whose modules are those and PowerShell's.
    function Invoke-Clean([string] $Script) {
        $names = 'HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'PSModulePath'
        $saved = $names | ForEach-Object { [Environment]::GetEnvironmentVariable($_) }
        try {
            Remove-Item $names.ForEach({ "Env:/$_" }) -ErrorAction Ignore
            $env:HOME = $data
            $env:PSModulePath = $modules
            Push-Location $data
            $lines = Invoke-PowerShell -Command "`$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'; $Script" 2>&1 | ForEach-Object { "$_" }
            if ($LASTEXITCODE -ne 0) { throw "The session ended with exit code ${LASTEXITCODE}: $lines" }
            $lines
        }
        finally {
            Pop-Location
            for ($i = 0; $i -lt $names.Count; $i++) { [Environment]::SetEnvironmentVariable($names[$i], $saved[$i]) }
        }
    }

    # Windows does not take the home folder from the environment, so there the module is saved to a folder instead.
    $install = $IsWindows ?
        "Save-PSResource AsyncJobs -Repository Local -TrustRepository -Path (New-Item -ItemType Directory -Force '$modules')" :
        'Install-PSResource AsyncJobs -Repository Local -TrustRepository'
    $written = Invoke-Clean "
        Register-PSResourceRepository Local '$repository' -Force
        try {
            Publish-PSResource -Path '$root/output/AsyncJobs' -Repository Local
            $install
        } finally {
            Unregister-PSResourceRepository Local
        }"
}

Describe 'The package' {
    It 'is published to a repository and installed from it' {
        $written | Should -BeNullOrEmpty
        (Get-ChildItem $repository).Name | Should -Be "AsyncJobs.$version.nupkg"
        "$modules/AsyncJobs/$version/AsyncJobs.psd1" | Should -Exist
    }

    It 'holds the files of the built module and nothing else' {
        $built = "$root/output/AsyncJobs"
        $installed = "$modules/AsyncJobs/$version"
        $hashes = foreach ($folder in $built, $installed) {
            $files = Get-ChildItem $folder -Recurse -File | Where-Object Name -NE PSGetModuleInfo.xml | Sort-Object FullName
            ($files | ForEach-Object { "$([IO.Path]::GetRelativePath($folder, $_.FullName)) $((Get-FileHash $_).Hash)" }) -join "`n"
        }
        $hashes[1] | Should -BeExactly $hashes[0]
    }

    It 'is what the task Package makes' {
        if (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
            # PowerShell 7.4 has none; the task says so.
            { & "$root/.build/Package.ps1" } | Should -Throw '*Compress-PSResource is missing*'
            return
        }

        Push-Location $root
        try {
            Invoke-PowerShell -File .build/Package.ps1 | Should -Be "Packed output$([IO.Path]::DirectorySeparatorChar)AsyncJobs.$version.nupkg"
        }
        finally {
            Pop-Location
        }

        $entries = foreach ($package in "$root/output/AsyncJobs.$version.nupkg", "$repository/AsyncJobs.$version.nupkg") {
            $zip = [IO.Compression.ZipFile]::OpenRead($package)
            try {
                ($zip.Entries | Where-Object FullName -NotLike '*.psmdcp' | ForEach-Object { "$($_.FullName) $($_.Crc32)" } | Where-Object { $_ -notmatch '^(_rels/|\[Content_Types\])' } | Sort-Object) -join "`n"
            }
            finally {
                $zip.Dispose()
            }
        }
        $entries[0] | Should -BeExactly $entries[1]
    }

    It 'tells what the Gallery shows' {
        $manifest = Test-ModuleManifest "$modules/AsyncJobs/$version/AsyncJobs.psd1"
        $manifest.Description, $manifest.Author, $manifest.Copyright | Should -Not -BeNullOrEmpty
        $manifest.PrivateData.PSData.LicenseUri | Should -Not -BeNullOrEmpty
        $manifest.ReleaseNotes | Should -BeLike "*$version*"
        $manifest.Tags | Should -Contain 'Linux'
        $manifest.PrivateData.PSData.Tags | ForEach-Object { $_ | Should -Not -Match '\s' }
    }
}

Describe 'A session that has only the package' {
    It 'runs every block of the README, in order, and writes what stands there' {
        # One session, as if one block after the other were pasted; a line between them says where each ends.
        Import-Module "$PSScriptRoot/../Support/CodeBlocks.psm1"
        $blocks = @(Get-CodeBlock "$root/README.md")
        $blocks.Count | Should -BeGreaterThan 5
        $blocks[0].Code | Should -Be "Import-Module ./output/AsyncJobs`n"
        $port = Get-FreePort
        $end = "end of a block $(New-Guid)"
        $script = foreach ($block in $blocks) {
            $code = $block.Code.Replace('./output/AsyncJobs', 'AsyncJobs').Replace('8123', $port)
            ". {`n$code} | Out-String -Width 120`n'$end'`n"
        }
        $file = "$data/readme.ps1"
        Set-Content $file (@($script) + "'module: ' + (Get-Module AsyncJobs).Path; 'errors: ' + `$Error.Count; 'left: ' + @(Get-AsyncTask).Count")
        $written = (Invoke-Clean "& '$file'") -join "`n" -split [regex]::Escape($end)
        for ($i = 0; $i -lt $blocks.Count; $i++) {
            if ($blocks[$i].Output) {
                Format-Output $written[$i] | Should -Be (Format-Output $blocks[$i].Output) -Because "this was run:`n$($blocks[$i].Code)"
            }
        }

        $blocks.Where({ $_.Output }).Count | Should -Be ($blocks.Count - 1) -Because 'each shows its output, but for the import'
        $written[-1] | Should -BeLike "*module: $(Convert-Path "$modules/AsyncJobs/$version/AsyncJobs.dll")*"
        $written[-1] | Should -BeLike '*left: 0*' -Because 'no example leaves a task behind'
    }

    It 'says one version everywhere' {
        $lines = Invoke-Clean "(Get-Module AsyncJobs -ListAvailable).Version.ToString()
            Import-Module AsyncJobs; [AsyncJobs.AsyncTask].Assembly.GetName().Version.ToString(3)"
        $lines[0, 1] | Should -Be $version, $version
    }

    It 'has the help' {
        $lines = Invoke-Clean '(Get-Help Start-AsyncTask).Synopsis; (Get-Help about_AsyncJobs) -split "\n" | Select-Object -First 2'
        $lines[0] | Should -Not -BeNullOrEmpty
        $lines[0] | Should -Not -BeLike 'Start-AsyncTask*' -Because 'that would be the syntax alone'
        $lines[1] | Should -BeLike 'TOPIC*'
    }

    It 'is told no folder of the machine it was built on' {
        $trace = Invoke-Clean 'Import-Module AsyncJobs; try { (New-AsyncLock).Release() } catch { $_.Exception.InnerException.StackTrace }'
        "$trace" | Should -BeLike '*/_/src/AsyncJobs.Core/*'
        "$trace" | Should -Not -BeLike "*$root*"
    }
}
