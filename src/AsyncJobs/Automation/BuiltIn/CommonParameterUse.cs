namespace AsyncJobs.Automation.BuiltIn;

/// <summary>What a common parameter is for.</summary>
internal enum CommonParameterUse
{
    /// <summary>Says what becomes of one of the streams that a command writes.</summary>
    Stream,

    /// <summary>Says whether the command is to act at all.</summary>
    Action,

    /// <summary>Names a variable that collects what is written.</summary>
    Collecting,

    /// <summary>Names a variable for what goes through a pipeline.</summary>
    Pipeline,

    /// <summary>Says how much output is kept back.</summary>
    Buffer,
}
