# The help of the module as Get-Help reads it, from the pages: the texts of the rendered files by their names. What is not in
# the pages and the cmdlets, such as a day, a version of PlatyPS or a folder of this machine, is not in them either. PlatyPS must
# have been imported.
function ConvertTo-Help([Management.Automation.PSModuleInfo] $Module, [string] $Docs, [string] $WorkFolder) {
    $rendered = ConvertTo-AboutHelp $Docs

    # The file comes into a folder named after the module.
    $null = Get-Page $Docs Cmdlet | Import-MarkdownCommandHelp | Export-MamlCommandHelp -OutputFolder "$WorkFolder/maml" -Force
    $file = Get-Item "$WorkFolder/maml/$($Module.Name)/*-Help.xml"
    $rendered[$file.Name] = (ConvertTo-ConsoleHelp (Get-Text $file.FullName)).TrimEnd() + "`n"

    $rendered[$file.Name] = Add-HelpProof $rendered[$file.Name] (Get-HelpFact $Module $Docs $rendered)
    $rendered
}

# The texts of the about topics, for which PlatyPS is not needed.
function ConvertTo-AboutHelp([string] $Docs) {
    $texts = [ordered]@{}
    foreach ($page in Get-Page $Docs About) {
        $lines = ConvertTo-AboutText (Get-Text $page.FullName).TrimEnd().Split("`n") $page.BaseName
        $texts["$($page.BaseName).help.txt"] = ($lines -join "`n") + "`n"
    }

    $texts
}
