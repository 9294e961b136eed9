# Draws how a cost grows with a number, both on a logarithmic scale: a straight line at 45 degrees grows as the number does.

# Colours that are told apart without red and green, on a light ground and on a dark one.
$colours = '#0072B2', '#D55E00', '#009E73', '#CC79A7'
$marks = 'circle', 'square', 'diamond', 'triangle'

function Get-Mark([string] $Shape, [double] $X, [double] $Y, [string] $Colour) {
    $size = 4
    switch ($Shape) {
        'circle' { "<circle cx=`"$X`" cy=`"$Y`" r=`"$size`" fill=`"$Colour`"/>" }
        'square' { "<rect x=`"$($X - $size)`" y=`"$($Y - $size)`" width=`"$($size * 2)`" height=`"$($size * 2)`" fill=`"$Colour`"/>" }
        'diamond' { "<path d=`"M$X $($Y - $size - 1)l5 5l-5 5l-5 -5z`" fill=`"$Colour`"/>" }
        'triangle' { "<path d=`"M$X $($Y - $size - 1)l5 9h-10z`" fill=`"$Colour`"/>" }
    }
}

# A picture of series: each a name and pairs of a number and seconds.
function ConvertTo-GrowthPicture([System.Collections.IDictionary] $Series, [string] $Title) {
    $width, $height, $left, $top, $plot = 760, 470, 80, 50, 340
    $points = $Series.Values | ForEach-Object { $_ }
    $decades = { param($values) [Math]::Floor([Math]::Log10(($values | Measure-Object -Minimum).Minimum)), [Math]::Ceiling([Math]::Log10(($values | Measure-Object -Maximum).Maximum)) }
    $fromX, $toX = & $decades $points.Number
    $fromY, $toY = & $decades $points.Seconds
    $place = {
        param($number, $seconds)
        [Math]::Round($left + ($width - $left - 180) * ([Math]::Log10($number) - $fromX) / ($toX - $fromX), 1)
        [Math]::Round($top + $plot * ($toY - [Math]::Log10($seconds)) / ($toY - $fromY), 1)
    }

    "<svg xmlns=`"http://www.w3.org/2000/svg`" viewBox=`"0 0 $width $height`" font-family=`"sans-serif`" font-size=`"13`">"
    "<title>$([Security.SecurityElement]::Escape($Title))</title><rect width=`"$width`" height=`"$height`" fill=`"#ffffff`"/>"
    "<text x=`"$left`" y=`"24`" font-size=`"15`">$([Security.SecurityElement]::Escape($Title))</text>"
    foreach ($power in $fromX..$toX) {
        $x, $null = & $place ([Math]::Pow(10, $power)) ([Math]::Pow(10, $fromY))
        "<path d=`"M$x ${top}v$plot`" stroke=`"#dddddd`"/><text x=`"$x`" y=`"$($top + $plot + 20)`" text-anchor=`"middle`">$('{0:N0}' -f [Math]::Pow(10, $power))</text>"
    }

    foreach ($power in $fromY..$toY) {
        $null, $y = & $place ([Math]::Pow(10, $fromX)) ([Math]::Pow(10, $power))
        $label = $power -lt -3 ? "$([Math]::Pow(10, $power + 6)) us" : $power -lt 0 ? "$([Math]::Pow(10, $power + 3)) ms" : "$([Math]::Pow(10, $power)) s"
        "<path d=`"M$left ${y}h$($width - $left - 180)`" stroke=`"#dddddd`"/><text x=`"$($left - 8)`" y=`"$($y + 4)`" text-anchor=`"end`">$label</text>"
    }

    $at = 0
    foreach ($name in $Series.Keys) {
        $colour, $mark = $colours[$at % $colours.Count], $marks[$at % $marks.Count]
        $line = foreach ($point in $Series[$name]) { (& $place $point.Number $point.Seconds) -join ',' }
        "<polyline points=`"$line`" fill=`"none`" stroke=`"$colour`" stroke-width=`"2`"/>"
        foreach ($pair in $line) { Get-Mark $mark ($pair -split ',')[0] ($pair -split ',')[1] $colour }
        $y = $top + 16 + 24 * $at++
        Get-Mark $mark ($width - 160) ($y - 4) $colour
        "<text x=`"$($width - 148)`" y=`"$y`">$([Security.SecurityElement]::Escape($name))</text>"
    }

    "<text x=`"$($left + ($width - $left - 180) / 2)`" y=`"$($height - 20)`" text-anchor=`"middle`">how many</text></svg>"
}
