# The tables in tests/Conformance/cpython say which tests of ours stand for which of CPython's: this keeps them true.

BeforeDiscovery {
    $rows = foreach ($table in Get-ChildItem $PSScriptRoot/cpython -Filter *.md) {
        foreach ($line in Get-Content $table | Where-Object { $_ -like '| test*' -or $_ -like '| _test*' }) {
            $case, $ours = ($line -split ' \| ', 2).Trim('| ')
            @{ Table = $table.BaseName; Case = $case; Ours = $ours }
        }
    }
}

BeforeAll {
    $sources = @{}
    Get-ChildItem $PSScriptRoot/.. -Recurse -Include *Tests.ps1, *Tests*.cs | ForEach-Object { $sources[$_.Name] = Get-Content $_ -Raw }

    # The tests that a row names: "it" (file) or Method, Method (file).
    function Get-NamedTest([string] $Ours) {
        foreach ($match in [regex]::Matches(($Ours -replace '<br>', "`n"), '(?m)^(.+?) \(([\w.-]+\.(?:cs|ps1))\)')) {
            $file = $match.Groups[2].Value
            foreach ($name in $match.Groups[1].Value -csplit ', (?=["A-Z])') {
                @{ File = $file; Name = $name.Trim('"') -replace '\\<', '<' }
            }
        }
    }
}

Describe 'Table <Table>' -ForEach ($rows | Group-Object { $_.Table } | ForEach-Object { @{ Table = $_.Name; Rows = $_.Group } }) {
    It 'names tests that exist, or says why there is none' {
        foreach ($row in $Rows) {
            if ($row.Ours -like 'None*') { continue }
            $named = @(Get-NamedTest $row.Ours)
            $named.Count | Should -BeGreaterThan 0 -Because "$($row.Case) needs a test"
            foreach ($test in $named) {
                $text = $test.File -like '*.cs' ? " $($test.Name)(" : "It '$($test.Name -replace "'", "''")'"
                $sources[$test.File]?.Contains($text) | Should -BeTrue -Because "$($row.Case) names it: $text ($($test.File))"
            }
        }
    }
}
