namespace AsyncJobs.Core.Web;

/// <summary>What a trace and the instruments call the phases of a request.</summary>
internal static class PhaseNames
{
    public const string Connect = "connect";
    public const string Headers = "headers";

    public static string Of(WebPhase phase) => phase switch
    {
        WebPhase.Connect => Connect,
        WebPhase.Headers => Headers,
        WebPhase.Body => "body",
        _ => "paused",
    };
}
