function Get-Failure {
    <# Runs a block that is expected to fail, and writes the error record of its failure. #>
    param([scriptblock] $Block)
    try { $null = & $Block } catch { return $_ }
    throw 'It did not fail.'
}

Export-ModuleMember -Function Get-Failure
