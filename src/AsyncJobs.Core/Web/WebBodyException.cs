namespace AsyncJobs.Core.Web;

/// <summary>A read of a body failed; told so from a failure of whatever takes what is read.</summary>
#pragma warning disable CA1064 // Thrown and caught within the web engine alone.
internal sealed class WebBodyException(Exception cause) : Exception(cause.Message, cause);
#pragma warning restore CA1064
