using System.Globalization;

namespace AsyncJobs;

/// <summary>A request took longer than its limit for one of its phases.</summary>
public sealed class WebTimeoutException : TimeoutException, IHasErrorId
{
    private readonly bool _isTotal;

    internal WebTimeoutException(string where, WebPhase phase, TimeSpan limit, bool isTotal, Exception? cause)
        : base(Describe(where, phase, limit, isTotal), cause)
    {
        Phase = phase;
        Limit = limit;
        _isTotal = isTotal;
    }

    /// <summary>What the request was doing when its time was up.</summary>
    public WebPhase Phase { get; }

    /// <summary>The limit that was reached.</summary>
    public TimeSpan Limit { get; }

    /// <summary>What was asked: without user, password and query, any of which may be a secret.</summary>
    public Uri? Uri { get; internal init; }

    /// <summary>
    /// The id of the built-in cmdlets: whichever limit ends the wait for an answer. They have none for the body as a whole.
    /// </summary>
    public string ErrorId => Phase != WebPhase.Body ? "ConnectionTimeoutReached" : _isTotal ? "WebTimeout" : "OperationTimeoutReached";

    private static string Describe(string where, WebPhase phase, TimeSpan limit, bool isTotal)
    {
        string doing = phase switch
        {
            WebPhase.Connect => "no connection was made",
            WebPhase.Headers => "no answer came",
            WebPhase.Paused => "the host, which had asked for quiet (status 429), could not be asked",
            _ => "the body did not come to its end",
        };
        string which = isTotal ? "for the whole request"
            : phase == WebPhase.Body ? "without a byte of it"
            : "for that";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{where}: {doing} within the limit of {limit.TotalSeconds:0.###} s {which} (phase {phase}).");
    }
}
