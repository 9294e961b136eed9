BeforeDiscovery {
    function Test-Program([string[]] $Name) {
        -not ($Name | Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction Ignore) })
    }

    $isRoot = $IsLinux -and (id -u) -eq '0'
    $hasLists = $isRoot -and (Test-Program setfacl, getfacl, getfattr, setfattr)
    if ($hasLists) {
        $probe = New-TemporaryFile
        setfacl -m u:65534:r $probe 2>$null
        $hasLists = $LASTEXITCODE -eq 0
        Remove-Item $probe
    }

    $hasNamespaces = $isRoot -and $(unshare -m true 2>$null; $LASTEXITCODE -eq 0)
    $hasSetpriv = $isRoot -and (Test-Program setpriv)
    $hasSetcap = $isRoot -and (Test-Program setcap, getcap)

    # Everything that puts a file in the place of another.
    $writers = @(
        @{ Writer = 'Start-AsyncFileWrite'; Write = { await (Start-AsyncFileWrite $file new -NoNewline) } }
        @{ Writer = 'Start-AsyncFileCopy'; Write = { await (Start-AsyncFileCopy $source $file) } }
        @{ Writer = '-OutFile'; Write = { await (Start-AsyncWebRequest "$base/send?type=text/plain&body=bmV3" -OutFile $file) } }
        @{ Writer = 'Start-AsyncDownload'; Write = { $null = await (Start-AsyncDownload "$base/send?type=text/plain&body=bmV3" $file -Force) } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
    Import-Module $PSScriptRoot/../Support/Interruption.psm1
    Import-Module $PSScriptRoot/../Support/OwnProcess.psm1
    if (-not $IsWindows) { Import-Module $PSScriptRoot/../Support/Rights.psm1 }
    $server = & $PSScriptRoot/../Support/Start-TestServer.ps1
    $base = $server.BaseUri
    $module = Convert-Path $PSScriptRoot/../../output/AsyncJobs

    function New-Script([string] $Script) {
        $path = Join-Path $TestDrive "$(New-Guid).ps1"
        Set-Content $path "Import-Module '$module'; Set-Location '$dir'; try { $Script } catch { `"`$(`$_.FullyQualifiedErrorId): `$_`" }"
        $path
    }

    function Invoke-Under([string[]] $Prefix, [string] $Script) {
        <# Runs a script in a process that another program starts, and writes its lines. #>
        $own = New-PowerShellStartInfo '-File', (New-Script $Script)
        & $Prefix[0] @($Prefix | Select-Object -Skip 1) $own.FileName @($own.ArgumentList) 2>&1 | ForEach-Object { "$_" }
    }

    function Get-List([string] $Path) { getfacl --absolute-names --numeric --omit-header $Path | Where-Object { $_ } }
    function Get-Attributes([string] $Path) { getfattr --absolute-names --dump $Path | Select-Object -Skip 1 | Where-Object { $_ } }
}

AfterAll {
    $server.Dispose()
}

Describe 'What a file keeps when another takes its place' {
    BeforeEach {
        $dir = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $file, $source = "$dir/file", "$dir/source"
        Set-Content $file old -NoNewline
        Set-Content $source new -NoNewline
    }

    Context '<Writer>' -ForEach $writers {
        It 'keeps an access control list and attributes (skipped without the acl and attr packages)' -Skip:(-not $hasLists) {
            chmod 664 $source
            setfacl -m u:65534:rw,g::r,m::rw $file
            setfattr -n user.note -v text $file
            setfattr -n user.empty $file
            setfattr -n trusted.label -v mark $file
            $list, $attributes = (Get-List $file), (Get-Attributes $file)
            $number = stat -c %i $file
            & $Write
            Get-Content $file | Should -Be new
            Get-List $file | Should -Be $list
            Get-Attributes $file | Should -Be $attributes
            getfattr --absolute-names --only-values -n trusted.label $file | Should -Be mark
            stat -c %i $file | Should -Not -Be $number -Because 'it is replaced in one step all the same'
        }

        It 'takes no entries from the default list of the folder (skipped without the acl package)' -Skip:(-not $hasLists) {
            chmod 664 $source
            chmod 640 $file
            setfacl -d -m u:65534:rw $dir
            $list = Get-List $file
            & $Write
            Get-Content $file | Should -Be new
            Get-List $file | Should -Be $list
        }

        It 'takes away what makes a program of the content (skipped without setcap)' -Skip:(-not $hasSetcap) {
            setcap cap_chown+ep $file
            & $Write
            getcap $file | Should -BeNullOrEmpty
        }

        It 'writes to all names of a file, in place' -Skip:$IsWindows {
            ln $file "$dir/other"
            & $Write
            Get-Content $file, "$dir/other" | Should -Be new, new
            (Get-ChildItem $dir -Force).Name | Sort-Object | Should -Be file, other, source
        }

        It 'gives nobody a right to read or write who had none' -Skip:$IsWindows -ForEach '600', '640', '604', '644', '660' {
            chmod 666 $source
            chmod $_ $file
            & $Write
            Get-Content $file | Should -Be new
            Get-ExcessMode $file $_ | Should -Be '0'
        }

        It 'leaves another''s file theirs (skipped unless root runs it)' -Skip:(-not $isRoot) {
            chown 12345:23456 $file
            chmod 640 $file
            & $Write
            Get-Rights $file | Should -Be '640 12345:23456'
        }

        It 'writes through links' -Skip:$IsWindows {
            $null = New-Item -ItemType Directory $dir/sub
            Move-Item $file $dir/sub/real
            $null = New-Item -ItemType SymbolicLink $file -Target sub/real
            & $Write
            Get-Content $dir/sub/real | Should -Be new
            (Get-Item $file).LinkTarget | Should -Be sub/real
        }
    }

    Context 'What cannot be replaced' {
        It 'leaves a file alone that may not be written, whoever owns the folder (skipped without setpriv)' -Skip:(-not $hasSetpriv) {
            chmod 444 $file
            Invoke-Under 'setpriv', '--bounding-set=-all', '--inh-caps=-all' "
                `$(Start-AsyncFileWrite file new
                Start-AsyncFileCopy source file
                Start-AsyncWebRequest '$base/send?type=text/plain&body=bmV3' -OutFile file
                Start-AsyncDownload '$base/send?type=text/plain&body=bmV3' file -Force) | ForEach-Object {
                    try { await `$_ } catch { `$_.FullyQualifiedErrorId } }" | ForEach-Object { $_ -replace ',.*' } |
                Should -Be (@('FileAccessDenied') * 4)
            Get-Content $file | Should -Be old
            (Get-ChildItem $dir -Force).Name | Should -Be file, source
        }

        It 'writes a file that is a mount point in place (skipped where nothing can be mounted)' -Skip:(-not $hasNamespaces) {
            $all = 'Start-AsyncFileWrite conf write -NoNewline', 'Start-AsyncFileCopy copy conf',
                "Start-AsyncWebRequest '$base/send?type=text/plain&body=d2Vi' -OutFile conf",
                "Start-AsyncDownload '$base/send?type=text/plain&body=ZG93bmxvYWQ=' conf -Force" |
                ForEach-Object { "`$null = await ($_); Get-Content conf" }
            Set-Content $dir/copy copy -NoNewline
            Set-Content $dir/conf x
            $own = New-PowerShellStartInfo '-File', (New-Script ($all -join "`n"))
            $command = "mount --bind '$file' '$dir/conf'; $($own.FileName) $($own.ArgumentList -join ' ')"
            unshare -m bash -c $command | Should -Be write, copy, web, download
            Get-Content $file | Should -Be download
            Get-Content $dir/conf | Should -Be x
            (Get-ChildItem $dir -Force).Name | Sort-Object | Should -Be conf, copy, file, source
        }

        It 'writes in place what cannot be given to its owner (skipped without setpriv)' -Skip:(-not $hasSetpriv) {
            $files = 'write', 'copy', 'web', 'download' | ForEach-Object {
                Set-Content $dir/$_ old
                chown 65534:65534 $dir/$_
                chmod 600 $dir/$_
                "$dir/$_"
            }
            Invoke-Under 'setpriv', '--bounding-set=-chown', '--inh-caps=-chown' "
                await (Start-AsyncFileWrite write new -NoNewline), (Start-AsyncFileCopy source copy), (Start-AsyncWebRequest '$base/send?type=text/plain&body=bmV3' -OutFile web)
                `$null = await (Start-AsyncDownload '$base/send?type=text/plain&body=bmV3' download -Force)" | Should -BeNullOrEmpty
            Get-Content $files | Should -Be (@('new') * 4)
            $files | ForEach-Object { Get-Rights $_ } | Should -Be (@('600 65534:65534') * 4)
        }

        It 'writes a file in a folder that takes no other (skipped without setpriv)' -Skip:(-not $hasSetpriv) {
            foreach ($name in 'file', 'copied') {
                Set-Content $dir/$name old
                chown 0:65534 $dir/$name
                chmod 660 $dir/$name
            }

            # Another user who may read everything, so that it finds PowerShell wherever that is.
            $other = 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'
            $env:HOME, $home1 = "$TestDrive", $env:HOME
            try {
                Invoke-Under $other 'await (Start-AsyncFileWrite file new -NoNewline), (Start-AsyncFileCopy source copied); await (Start-AsyncFileWrite made x)' |
                    Should -BeLike 'FileAccessDenied*must be writable*'
            } finally {
                $env:HOME = $home1
            }
            Get-Content $file, $dir/copied | Should -Be new, new
            Get-Rights $file | Should -Be '660 0:65534'
            (Get-ChildItem $dir -Force).Name | Sort-Object | Should -Be copied, file, source
        }

        It 'says what state a file is in that could only be written in part (skipped where nothing can be mounted)' -Skip:(-not $hasNamespaces) {
            $script = New-Script '
                Set-Content file old; ln file other
                await (Start-AsyncFileWrite file (''y'' * 90000))'
            $own = New-PowerShellStartInfo '-File', $script
            $said = unshare -m bash -c "mount -t tmpfs -o size=128k tmpfs '$dir'; $($own.FileName) $($own.ArgumentList -join ' ')"
            $said | Should -BeLike 'FileDiskFull*written in place, because it has several names. It has the first * of 90001 bytes*'
        }

        It 'refuses to copy a file onto another name of its own' -Skip:$IsWindows {
            ln $file "$dir/other"
            (Get-Failure { await (Start-AsyncFileCopy $file "$dir/other") }).Exception.Message | Should -BeLike '*with itself*'
            stat -c %h $file | Should -Be 2
        }

        It 'gives a copy''s group no more than the list of the source gives it (skipped without the acl package)' -Skip:(-not $hasLists) {
            chmod 600 $source
            setfacl -m u:65534:rw $source
            $null = New-Item -ItemType Directory $dir/from
            chmod 700 $dir/from
            setfacl -m u:65534:rwx $dir/from
            await (Start-AsyncFileCopy $source $dir/copy)
            await (Start-AsyncFileCopy $source $file)
            await (Start-AsyncFileCopy $dir/from $dir/to)
            Get-ExcessMode $dir/copy 600 | Should -Be '0'
            Get-ExcessMode $file 600 | Should -Be '0'
            Get-ExcessMode $dir/to 700 | Should -Be '0'
        }
    }

    Context 'Other processes' {
        It 'loses no line of two processes that append to one file' {
            $run = 'A', 'B' | ForEach-Object {
                @{ Scenario = $_; Script = "
                    `$null = New-Item '$dir/ready.$_'
                    while ([IO.Directory]::GetFiles('$dir', 'ready.*').Count -lt 2) { [Threading.Thread]::Sleep(1) }
                    foreach (`$i in 1..2000) { await (Start-AsyncFileWrite '$dir/log' `"$_ `$i `$('x' * 100)`" -Append) }" }
            }
            $runs = Start-InOwnProcess $run
            $run | ForEach-Object { Receive-InOwnProcess $runs[$_.Scenario] } | Should -BeNullOrEmpty
            $lines = Get-Content $dir/log
            $lines.Count | Should -Be 4000
            foreach ($tag in 'A', 'B') {
                $lines -like "$tag *" | Should -Be (1..2000 | ForEach-Object { "$tag $_ $('x' * 100)" })
            }
        }

        It 'leaves the old file or the new one, and nothing beside, when it is killed' {
            $text = @{ a = 'a' * 3mb; b = 'b' * 3mb }
            $script = New-Script '
                $a, $b = (''a'' * 3mb), (''b'' * 3mb)
                while ($true) { foreach ($text in $a, $b) { await (Start-AsyncFileWrite file $text -NoNewline); "written" } }'
            foreach ($milliseconds in 0, 3, 7, 12) {
                $process = [Diagnostics.Process]::Start((New-PowerShellStartInfo '-File', $script))
                $null = $process.StandardOutput.ReadLine()
                [Threading.Thread]::Sleep($milliseconds)
                $process.Kill()
                $process.WaitForExit()
                $now = [IO.File]::ReadAllText($file)
                ($now -ceq $text.a -or $now -ceq $text.b) | Should -BeTrue
            }

            # The next start sweeps up.
            Invoke-InOwnProcess "
                Set-Location '$dir'
                await (Start-AsyncFileWrite file next)
                for (`$i = 0; `$i -lt 100 -and (Get-ChildItem -Force -Filter *.tmp); `$i++) { Start-Sleep -Milliseconds 100 }"
            (Get-ChildItem $dir -Force).Name | Sort-Object | Should -Be file, source
        }
    }
}
