# Files: small ones read at once beside [IO.File] in a loop, a large one and a tree of many copied beside cp. The content is in
# the page cache; what is made is removed between the rounds, and the time for that does not count. Rounds in turn, medians.
param([int] $SmallCount = 1000, [int] $TreeCount = 20000, [int] $LargeMegabytes = 512, [int] $Round = 5)

. "$PSScriptRoot/Common.ps1"
Import-Module $modulePath

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "asyncjobs-files-$PID")).FullName
$hasCopy = [bool](Get-Command cp -CommandType Application -ErrorAction Ignore)

# Runs a contender, and removes what it has made.
function Measure-Made([string] $Made, [scriptblock] $Block) {
    Measure-Second $Block
    if (Test-Path $Made) { Remove-Item $Made -Recurse -Force }
}

function Write-Row([string] $Name, [object[]] $Figure) {
    $rival = $Figure[0]
    foreach ($figure in $Figure | Select-Object -Skip 1) {
        [pscustomobject]@{
            Name = $Name
            Ours = $figure.Name
            Milliseconds = [Math]::Round($figure.Median * 1000, 1)
            Rival = $rival.Name
            'Rival ms' = [Math]::Round($rival.Median * 1000, 1)
            Ratio = [Math]::Round($figure.Median / $rival.Median, 2)
        }
    }
}

try {
    $small = [string[]](1..$SmallCount | ForEach-Object { "$folder/small-$_.txt" })
    foreach ($path in $small) { [IO.File]::WriteAllText($path, "content of $path`n" * 20) }
    $rows = @(
        Write-Row "$SmallCount small reads" (Measure-InTurn -Round $Round ([ordered]@{
            '[IO.File]' = { Measure-Second { foreach ($path in $small) { [IO.File]::ReadAllText($path) } } }
            'one command' = { Measure-Second { Start-AsyncFileRead $small | Wait-AsyncGather } }
            'pipeline' = { Measure-Second { $small | Start-AsyncFileRead | Wait-AsyncGather } }
        }))
        Write-Row "$SmallCount small writes" (Measure-InTurn -Round $Round ([ordered]@{
            'Set-Content' = { Measure-Second { foreach ($path in $small) { Set-Content $path text } } }
            'one command' = { Measure-Second { Start-AsyncFileWrite $small text | Wait-AsyncGather } }
        }))
        Write-Row "$SmallCount appends to one file" (Measure-InTurn -Round $Round ([ordered]@{
            'Add-Content' = { Measure-Made "$folder/log" { foreach ($i in 1..$SmallCount) { Add-Content "$folder/log" "line $i" } } }
            'awaited each' = { Measure-Made "$folder/log" { foreach ($i in 1..$SmallCount) { await (Start-AsyncFileWrite "$folder/log" "line $i" -Append) } } }
        }))
    )
    Remove-Item $small

    if ($hasCopy) {
        $bytes = [byte[]]::new(1mb)
        [Random]::new(1).NextBytes($bytes)
        $stream = [IO.File]::Create("$folder/large")
        foreach ($i in 1..$LargeMegabytes) { $stream.Write($bytes) }
        $stream.Dispose()
        $rows += Write-Row "a file of $LargeMegabytes MB" (Measure-InTurn -Round $Round ([ordered]@{
            'cp' = { Measure-Made "$folder/copy" { cp "$folder/large" "$folder/copy" } }
            'Start-AsyncFileCopy' = { Measure-Made "$folder/copy" { await (Start-AsyncFileCopy "$folder/large" "$folder/copy") } }
        }))
        Remove-Item "$folder/large"

        foreach ($i in 1..$TreeCount) {
            if ($i % 100 -eq 1) { $null = New-Item -ItemType Directory "$folder/tree/$([int][Math]::Floor($i / 100))" }
            [IO.File]::WriteAllText("$folder/tree/$([int][Math]::Floor(($i - 1) / 100))/$i.txt", "content $i")
        }
        $rows += Write-Row "a tree of $TreeCount files" (Measure-InTurn -Round $Round ([ordered]@{
            'cp -r' = { Measure-Made "$folder/copied" { cp -r "$folder/tree" "$folder/copied" } }
            'Start-AsyncFileCopy -Recurse' = { Measure-Made "$folder/copied" { await (Start-AsyncFileCopy "$folder/tree" "$folder/copied" -Recurse) } }
        }))
    }

    $rows | Format-Table -AutoSize | Out-String -Width 140
} finally {
    Remove-Item $folder -Recurse -Force
}
