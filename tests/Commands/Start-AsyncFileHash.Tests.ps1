BeforeAll {
    Import-Module $PSScriptRoot/../../output/AsyncJobs
    Import-Module $PSScriptRoot/../Support/Failure.psm1
}

Describe 'Start-AsyncFileHash' {
    BeforeAll {
        $dir = (New-Item -ItemType Directory "$TestDrive/hash").FullName
        [IO.File]::WriteAllText("$dir/one.txt", 'one')
        [IO.File]::WriteAllText("$dir/empty", '')
        [IO.File]::WriteAllText("$dir/[x]", 'brackets')
        [IO.File]::WriteAllBytes("$dir/large", [byte[]]::new(3mb + 5))
    }

    It 'gives what Get-FileHash gives with <_>' -ForEach 'SHA1', 'SHA256', 'SHA384', 'SHA512', 'MD5', 'sha256' {
        foreach ($name in 'one.txt', 'empty', 'large') {
            $hash = await (Start-AsyncFileHash "$dir/$name" -Algorithm $_)
            $expected = Get-FileHash "$dir/$name" -Algorithm $_
            $hash.GetType() | Should -Be $expected.GetType()
            $hash | ConvertTo-Json | Should -BeExactly ($expected | ConvertTo-Json)
        }
    }

    It 'takes wildcards, many paths, literal ones and files from the pipeline' {
        (Start-AsyncFileHash "$dir/o*", "$dir/e*" | Wait-AsyncGather).Hash | Should -Be (Get-FileHash "$dir/o*", "$dir/e*").Hash
        (await (Start-AsyncFileHash -LiteralPath "$dir/[x]")).Hash | Should -Be (Get-FileHash -LiteralPath "$dir/[x]").Hash
        (Get-ChildItem $dir -File | Start-AsyncFileHash | Wait-AsyncGather).Path | Should -Be (Get-ChildItem $dir -File).FullName
        Start-AsyncFileHash "$dir/*.none" | Should -BeNullOrEmpty
    }

    It 'leaves out what -Include, -Exclude and -Filter leave out' {
        (Start-AsyncFileHash "$dir/*" -Include *.TXT, l* | Wait-AsyncGather).Path | Split-Path -Leaf | Should -Be large, one.txt
        (Start-AsyncFileHash "$dir/*" -Exclude *x*, l* | Wait-AsyncGather).Path | Split-Path -Leaf | Should -Be empty
        (Start-AsyncFileHash "$dir/*" -Filter *.txt | Wait-AsyncGather).Path | Split-Path -Leaf | Should -Be one.txt
    }

    It 'takes a stream' {
        $hash = await (Start-AsyncFileHash -InputStream ([IO.MemoryStream]::new([byte[]](1, 2))))
        $hash.Hash | Should -Be (Get-FileHash -InputStream ([IO.MemoryStream]::new([byte[]](1, 2)))).Hash
        $hash.Path | Should -BeNullOrEmpty
    }

    It 'fails alone for <Path> with <Id>' -ForEach @(
        @{ Path = 'missing'; Id = 'FileNotFound' }
        @{ Path = '.'; Id = 'FileIsDirectory' }
        @{ Path = 'env:PATH'; Id = 'FileProviderNotSupported' }
    ) {
        Push-Location $dir
        try {
            $failing, $other = Start-AsyncFileHash $Path, one.txt
            (Get-Failure { await $failing }).FullyQualifiedErrorId | Should -BeLike "$Id*"
            (await $other).Algorithm | Should -Be SHA256
        } finally {
            Pop-Location
        }
    }

    It 'refuses an algorithm that there is none of' {
        { Start-AsyncFileHash "$dir/one.txt" -Algorithm CRC } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}
