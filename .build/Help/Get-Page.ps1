# The pages of a folder, in an order that is the same in every culture: those of one kind, or all.
function Get-Page([string] $Docs, [ValidateSet('Cmdlet', 'About', 'All')] [string] $Kind = 'All') {
    $pages = [IO.FileInfo[]] @(Get-ChildItem $Docs -Filter *.md | Where-Object {
        $isAbout = $_.Name -like 'about_*'
        $Kind -eq 'All' -or ($Kind -eq 'About' ? $isAbout : -not $isAbout -and $_.Name -like '*-*')
    })
    [Array]::Sort([string[]] $pages.ForEach({ $_.Name }), $pages, [StringComparer]::Ordinal)
    $pages
}
