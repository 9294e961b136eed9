namespace AsyncJobs.Automation.Analysis;

/// <summary>What a script does with a variable at a place.</summary>
internal enum VariableRole
{
    /// <summary>Reads the variable.</summary>
    Read,

    /// <summary>Assigns the variable.</summary>
    Assigned,

    /// <summary>Reads the variable and assigns it, by an operator.</summary>
    Changed,

    /// <summary>Has the variable go through the items of a <c>foreach</c> loop.</summary>
    Loop,

    /// <summary>Declares the variable as a parameter.</summary>
    Parameter,
}
