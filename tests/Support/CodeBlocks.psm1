# The code that a page shows, and what it shows as written by it.

function Get-CodeBlock {
    <#
    The ```powershell blocks of a page in their order. Each has the ```output block right behind it, or none; IsShown says
    whether there is one, or a ```text block, for what differs from run to run.
    #>
    param([string] $Path)
    $text = (Get-Content $Path -Raw) -replace '\r'
    foreach ($block in [regex]::Matches($text, '(?ms)^```powershell\n(?<code>.*?)^```$(?:\n\n```(?<kind>output|text)\n(?<output>.*?)^```$)?')) {
        $kind = $block.Groups['kind'].Value
        @{ Code = $block.Groups['code'].Value; Output = $kind -eq 'output' ? $block.Groups['output'].Value : ''; IsShown = $kind -ne '' }
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
