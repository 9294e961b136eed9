namespace AsyncJobs.Automation.BuiltIn;

/// <summary>What there is to know of a variable that PowerShell itself makes.</summary>
[Flags]
internal enum VariableKind
{
    /// <summary>A variable like any other.</summary>
    None = 0,

    /// <summary>PowerShell makes one in each scope by itself, or has one for all: a block that assigns it has none of its own.</summary>
    Automatic = 1 << 0,

    /// <summary>Every runspace or every block has one, so tasks do not take it along.</summary>
    Everywhere = 1 << 1,

    /// <summary>PowerShell itself keeps changing it.</summary>
    Changing = 1 << 2,

    /// <summary>Each call of a block has another.</summary>
    OfBlock = 1 << 3,

    /// <summary>A constant of the language.</summary>
    Literal = 1 << 4,

    /// <summary>Leads to what belongs to the session.</summary>
    OfSession = 1 << 5,

    /// <summary>The object that is handled now.</summary>
    Underscore = 1 << 6,

    /// <summary>A loop's enumerator, which <c>foreach</c> or <c>switch</c> sets by itself.</summary>
    OfLoop = 1 << 7,

    /// <summary>A preference of the user's.</summary>
    Preference = 1 << 8,
}
