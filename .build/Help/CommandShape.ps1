# What a command shows to those who call it, as text: its names, its sets, and its parameters with all that binds and checks
# them. The text comes from the metadata of the command alone, without the common parameters, in ordinal order and in no
# culture, so that every PowerShell makes the same of the same command.

function Get-CommandShape([Management.Automation.CommandInfo] $Command) {
    $lines = @(
        $Command.Name
        "aliases: $(Join-Name $Command.Module.ExportedAliases.Values.Where({ $_.Definition -eq $Command.Name }).Name)"
        "output: $(Join-Name $Command.OutputType.ForEach({ $_.Type ? $_.Type.ToString() : $_.Name }))"
        "sets: $(Join-Name $Command.ParameterSets.ForEach({ $_.IsDefault ? "$($_.Name) (default)" : $_.Name }))"
        foreach ($name in Get-OrdinalOrder $Command.Parameters.Keys.Where({ $_ -notin [Management.Automation.Cmdlet]::CommonParameters })) {
            Get-ParameterShape $Command.Parameters[$name]
        }
    )
    $lines -join "`n"
}

function Get-ParameterShape([Management.Automation.ParameterMetadata] $Parameter) {
    # ToString names no assembly, and so no version of one, where FullName does; and PowerShell would abbreviate.
    "-$($Parameter.Name) <$($Parameter.ParameterType.ToString())>"
    "  aliases: $(Join-Name $Parameter.Aliases)"
    $facts = foreach ($attribute in $Parameter.Attributes) {
        switch ($attribute) {
            { $_ -is [Management.Automation.ParameterAttribute] } {
                "  set $($_.ParameterSetName): position $($_.Position -lt 0 ? 'named' : $_.Position), mandatory $($_.Mandatory), " +
                    "pipeline $($_.ValueFromPipeline)/$($_.ValueFromPipelineByPropertyName), rest $($_.ValueFromRemainingArguments), " +
                    "hidden $($_.DontShow), message '$($_.HelpMessage)'"
                break
            }
            { $_ -is [Management.Automation.ValidateSetAttribute] } { "  values: $($_.ValidValues -join ', ')"; break }
            { $_ -is [Management.Automation.ValidateRangeAttribute] } { "  range: $($_.MinRange) to $($_.MaxRange)"; break }
            { $_ -is [Management.Automation.ValidateCountAttribute] } { "  count: $($_.MinLength) to $($_.MaxLength)"; break }
            { $_ -is [Management.Automation.ValidateLengthAttribute] } { "  length: $($_.MinLength) to $($_.MaxLength)"; break }
            { $_ -is [Management.Automation.ValidatePatternAttribute] } { "  pattern: $($_.RegexPattern)"; break }
            { $_ -is [Management.Automation.ValidateArgumentsAttribute] -or $_.GetType().Name -match '^(Allow|SupportsWildcards)' } {
                "  $($_.GetType().Name -replace 'Attribute$')"
            }
        }
    }
    Get-OrdinalOrder $facts

    # The values of .NET's own enumerations may be others in another version of it.
    $type = $Parameter.ParameterType.IsArray ? $Parameter.ParameterType.GetElementType() : $Parameter.ParameterType
    if ($type.IsEnum -and $type.Namespace -notmatch '^(System|Microsoft)\b') {
        "  enumeration: $([enum]::GetNames($type) -join ', ')"
    }
}

function Join-Name([string[]] $Name) {
    (Get-OrdinalOrder $Name) -join ', '
}

function Get-OrdinalOrder([string[]] $Text) {
    $sorted = [string[]] @($Text ?? @())
    [Array]::Sort($sorted, [StringComparer]::Ordinal)
    $sorted
}
