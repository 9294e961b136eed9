namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>How a value of some type may hold script, and so how it is looked into and made anew.</summary>
internal enum ValueShape
{
    /// <summary>Holds none.</summary>
    Plain,

    /// <summary>Text, which may name a drive.</summary>
    Text,

    /// <summary>An array or list of nothing but text.</summary>
    Texts,

    /// <summary>A script block.</summary>
    ScriptBlock,

    /// <summary>A function, which a task gets as its script block.</summary>
    Function,

    /// <summary>A delegate, which may have been made of a script block.</summary>
    Delegate,

    /// <summary>Part of the session it was made in.</summary>
    Session,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A list, table, queue or set.</summary>
    Collection,

    /// <summary>A collection that threads share: never copied.</summary>
    Shared,

    /// <summary>A tuple, or the pair of key and value that an entry of a table is.</summary>
    Tuple,

    /// <summary>A custom object.</summary>
    Custom,

    /// <summary>An instance of a PowerShell class.</summary>
    Instance,

    /// <summary>Another object with properties that can hold script.</summary>
    Object,
}
