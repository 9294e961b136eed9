# The code that a page shows, and what it shows as written by it.

function Get-CodeBlock {
    <# The ```powershell blocks of a page in their order, each with the ```output block right behind it, or with none. #>
    param([string] $Path)
    $text = (Get-Content $Path -Raw) -replace '\r'
    foreach ($block in [regex]::Matches($text, '(?ms)^```powershell\n(?<code>.*?)^```$(?:\n\n```output\n(?<output>.*?)^```$)?')) {
        @{ Code = $block.Groups['code'].Value; Output = $block.Groups['output'].Value }
    }
}

function Format-Output {
    <# What was written, without the spaces and empty lines around it that no page shows. #>
    param([string] $Text)
    ($Text -replace '\r' -replace '(?m)[ ]+$').Trim()
}

function Get-FreePort {
    <# A loopback port that nobody listened at a moment ago. #>
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $listener.LocalEndpoint.Port
    $listener.Stop()
}

Export-ModuleMember -Function Get-CodeBlock, Format-Output, Get-FreePort
