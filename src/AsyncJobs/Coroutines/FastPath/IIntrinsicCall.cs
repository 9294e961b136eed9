namespace AsyncJobs.Coroutines.FastPath;

/// <summary>What a cmdlet does with nothing but its arguments, said by its class for the engine to do.</summary>
/// <typeparam name="TPrimitive">Of what type the cmdlet's first argument is.</typeparam>
internal interface IIntrinsicCall<TPrimitive>
    where TPrimitive : class
{
    /// <summary>How many arguments the cmdlet takes.</summary>
    static virtual int ArgumentCount => 1;

    /// <summary>Does it, or begins the wait for it.</summary>
    /// <param name="frame">The coroutine.</param>
    /// <param name="primitive">The first argument.</param>
    /// <param name="item">The second argument, if the cmdlet takes one.</param>
    /// <returns>What to wait for; null if it is done.</returns>
    static abstract WaitRequest? Begin(CoroutineFrame frame, TPrimitive primitive, object? item);
}
