namespace AsyncJobs.Diagnostics.Watching;

/// <summary>The colours of a watch, as escape sequences: those of <c>$PSStyle</c>, or none.</summary>
/// <param name="Header">Of the columns' names.</param>
/// <param name="Failure">Of what has failed.</param>
/// <param name="Accent">Of what is running.</param>
/// <param name="Reset">Behind each.</param>
internal sealed record WatchStyle(string Header, string Failure, string Accent, string Reset)
{
    /// <summary>No colours.</summary>
    public static WatchStyle Plain { get; } = new("", "", "", "");

    /// <summary>The colours that hold in a session, which NO_COLOR and <c>$PSStyle.OutputRendering</c> may have taken away.</summary>
    /// <param name="style">The value of <c>$PSStyle</c>; PowerShell's interface does not know its type.</param>
    public static WatchStyle Of(object? style)
    {
        if (style is null || Read(style, "OutputRendering") is "PlainText" || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 })
        {
            return Plain;
        }

        object? formatting = PSObject.AsPSObject(style).Properties["Formatting"]?.Value;
        return formatting is null
            ? Plain
            : new(Read(formatting, "TableHeader"), Read(formatting, "Error"), Read(formatting, "FormatAccent"), Read(style, "Reset"));
    }

    private static string Read(object value, string name) => PSObject.AsPSObject(value).Properties[name]?.Value?.ToString() ?? "";
}
