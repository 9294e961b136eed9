namespace AsyncJobs.Errors;

/// <summary>Throws from a cmdlet as the <c>throw</c> statement throws.</summary>
internal static class ScriptThrow
{
    /// <summary>
    /// The exception that makes PowerShell end the calling script unless it is caught. ThrowTerminatingError would end
    /// only the statement, and would overwrite the record's position and the end of its error id.
    /// </summary>
    /// <remarks>
    /// A <c>catch</c> looks at the type of the exception and at that of the one in it, and no deeper: so the two are
    /// those that failed.
    /// </remarks>
    public static RuntimeException Of(ErrorRecord record)
    {
        RuntimeException thrown = record.Exception switch
        {
            MethodInvocationException { InnerException: { } cause } failed => new MethodFailure(failed.Message, cause, record),
            { InnerException: { } cause } failed when failed.GetType() == typeof(RuntimeException) =>
                new ScriptFailure(failed.Message, cause, record),
            var failed => new ScriptFailure(failed.Message, failed, record),
        };
        thrown.WasThrownFromThrowStatement = true;
        return thrown;
    }

#pragma warning disable CA1032, CA1064 // Scripts know them as what they derive from.
    /// <summary>Says of itself alone that it is thrown so: the exception of the record is as it was, and headed so.</summary>
    private sealed class ScriptFailure(string message, Exception cause, ErrorRecord record) : RuntimeException(message, cause)
    {
        public override ErrorRecord ErrorRecord => record;
    }

    /// <summary>The same for the exception of a method.</summary>
    private sealed class MethodFailure(string message, Exception cause, ErrorRecord record) : MethodInvocationException(message, cause)
    {
        public override ErrorRecord ErrorRecord => record;
    }
#pragma warning restore CA1032, CA1064
}
