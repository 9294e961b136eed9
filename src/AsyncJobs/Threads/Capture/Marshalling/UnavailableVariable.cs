namespace AsyncJobs.Threads.Capture.Marshalling;

/// <summary>
/// Stands in a task for a variable of the caller that cannot be taken along, where nobody knows whether the task reads
/// it. To read it is the error.
/// </summary>
/// <param name="name">The variable.</param>
/// <param name="problem">Why, and what to do.</param>
internal sealed class UnavailableVariable(string name, string problem) : PSVariable(name)
{
    /// <summary>Why it cannot be taken along, and what to do.</summary>
    public string Problem { get; } = problem;

    /// <summary>What a variable holds, for a task that is started in turn: such a variable itself, as long as nothing else was put in it.</summary>
    public static object? ValueOf(PSVariable variable) => variable is UnavailableVariable { IsSet: false } ? variable : variable.Value;

    /// <summary>Says that it cannot be read; it may be given another value.</summary>
    public override object? Value
    {
        get => IsSet ? base.Value : throw Error();
        set
        {
            IsSet = true;
            base.Value = value;
        }
    }

    /// <summary>Puts it into a scope, in the place of a variable of its name that is there: PowerShell would read what to set that to.</summary>
    public void SetIn(PSVariableIntrinsics variables)
    {
        variables.Remove("local:" + ScriptScope.Without(Name));
        variables.Set(this);
    }

    private bool IsSet { get; set; }

    private RuntimeException Error()
    {
        ErrorRecord record = ErrorRecords.InvalidArgument(
            $"The variable ${Name} cannot be taken along to a thread task: {Problem}.", ErrorIds.CannotCapture, Name);
        return new RuntimeException(record.Exception.Message, record.Exception, record);
    }
}
