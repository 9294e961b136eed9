using System.Globalization;

namespace AsyncJobs;

/// <summary>A request took longer than its limit for one of its phases.</summary>
public sealed class WebTimeoutException : TimeoutException, IHasErrorId
{
    internal WebTimeoutException(WebRequest request, WebPhase phase, TimeSpan limit, bool isTotal, Exception? cause)
        : base(Describe(request, phase, limit, isTotal), cause)
    {
        Phase = phase;
        Limit = limit;
    }

    /// <summary>What the request was doing when its time was up.</summary>
    public WebPhase Phase { get; }

    /// <summary>The limit that was reached.</summary>
    public TimeSpan Limit { get; }

    /// <inheritdoc/>
    public string ErrorId => "WebTimeout";

    private static string Describe(WebRequest request, WebPhase phase, TimeSpan limit, bool isTotal)
    {
        string doing = phase switch
        {
            WebPhase.Connect => "no connection was made",
            WebPhase.Headers => "no answer came",
            _ => "the body did not come to its end",
        };
        string which = isTotal ? "for the whole request"
            : phase == WebPhase.Body ? "without a byte of it"
            : "for that";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Method} {request.Address}: {doing} within the limit of {limit.TotalSeconds:0.###} s {which} (phase {phase}).");
    }
}
