namespace AsyncJobs.Automation.BuiltIn;

/// <summary>What a command of PowerShell does that its name alone does not say.</summary>
[Flags]
internal enum CommandEffect
{
    /// <summary>Nothing of all this, or not known.</summary>
    None = 0,

    /// <summary>Reads a variable that it is given the name of.</summary>
    ReadsVariable = 1 << 0,

    /// <summary>Changes a variable that it is given the name of.</summary>
    ChangesVariable = 1 << 1,

    /// <summary>Makes a variable that it is given the name of.</summary>
    MakesVariable = 1 << 2,

    /// <summary>Removes a variable that it is given the name of.</summary>
    RemovesVariable = 1 << 3,

    /// <summary>Makes, changes or removes a variable that it is given the name of.</summary>
    WritesVariable = ChangesVariable | MakesVariable | RemovesVariable,

    /// <summary>Is given the name of a variable.</summary>
    NamesVariable = ReadsVariable | WritesVariable,

    /// <summary>Has PowerShell look all variables of the block by name, instead of compiling them as locals.</summary>
    LooksUpLocals = 1 << 4,

    /// <summary>May do to its scope whatever script may.</summary>
    ChangesScope = 1 << 5,

    /// <summary>Removes items of any drive, functions among them.</summary>
    RemovesItems = 1 << 6,

    /// <summary>Makes or removes a drive of its scope.</summary>
    MakesDrive = 1 << 7,

    /// <summary>Sets the strict mode of its scope.</summary>
    SetsStrictMode = 1 << 8,

    /// <summary>Runs text, or names commands, variables or drives in ways that only running shows.</summary>
    ReachesUnnamed = 1 << 9,

    /// <summary>Runs script that it is given, and writes what this writes as it comes.</summary>
    RunsScript = 1 << 10,

    /// <summary>Makes an object of a type whose name it is given as text.</summary>
    NamesType = 1 << 11,

    /// <summary>Can use a stack of locations that it is given the name of.</summary>
    NamesLocationStack = 1 << 12,

    /// <summary>Changes what belongs to the session, or runs code that nobody has seen.</summary>
    ChangesSession = 1 << 13,

    /// <summary>Changes the runspace in a way that nothing public can see or undo.</summary>
    Irreversible = 1 << 14,

    /// <summary>Changes nothing: whether all of its input comes at once cannot be seen.</summary>
    OnlyLooks = 1 << 15,

    /// <summary>Writes to the user, or to one of the streams that the user sees.</summary>
    ShowsUser = 1 << 16,

    /// <summary>May have seen enough before all of its input has come.</summary>
    StopsEarly = 1 << 17,

    /// <summary>Calls its block for each object.</summary>
    ForEach = 1 << 18,

    /// <summary>Reads formatting data, or gives out commands that do.</summary>
    Formats = 1 << 19,

    /// <summary>Makes an alias.</summary>
    MakesAlias = 1 << 20,

    /// <summary>Makes or removes aliases of its scope.</summary>
    ChangesAliases = 1 << 21,

    /// <summary>Makes, changes or removes items of the drives that it is given paths of.</summary>
    ChangesItems = 1 << 22,

    /// <summary>Sets variables that parameters of its own name.</summary>
    SetsVariables = 1 << 23,

    /// <summary>Shows what modules there are, or what is in them.</summary>
    ShowsModules = 1 << 24,
}
