namespace AsyncJobs.Coroutines.Analysis;

/// <summary>What statements may do to the scope they run in, other than assigning variables that their text names.</summary>
[Flags]
internal enum ScopeEffect
{
    None = 0,

    /// <summary>It makes a difference which of the variables that the text names are there, or they are made and removed.</summary>
    NamedVariables = 1,

    /// <summary>Variables that the text does not name are made.</summary>
    UnnamedVariables = 2,

    /// <summary>Aliases are made or removed.</summary>
    Aliases = 4,

    /// <summary>Functions are made or removed.</summary>
    Functions = 8,

    /// <summary>The strict mode is set.</summary>
    StrictMode = 16,

    /// <summary>Drives are made or removed: to look for these takes PowerShell milliseconds.</summary>
    Drives = 32,

    /// <summary>Items of whichever drive is the current one are made or removed.</summary>
    CurrentDrive = 64,

    /// <summary>The strict mode may be set: looked for where there is none, as finding one takes an error.</summary>
    UnseenStrictMode = 128,

    /// <summary>Variables of any name.</summary>
    Variables = NamedVariables | UnnamedVariables,

    /// <summary>Any items of PowerShell's own drives.</summary>
    Items = Variables | Aliases | Functions,

    /// <summary>What any script may do, but for drives.</summary>
    Any = Items | UnseenStrictMode,
}
