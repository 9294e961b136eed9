using System.Globalization;

namespace AsyncJobs.Core.Tasks;

/// <summary>What a task is for, in a word that may be shown to anybody: addresses come without what may be secret in them.</summary>
internal static class TaskSubject
{
    /// <summary>The word for a text, an address, a number or the like; null for what has none.</summary>
    public static string? Of(object? input) => input switch
    {
        string { Length: 0 } => null,
        string text => text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? Of(address) : text,
        Uri { IsAbsoluteUri: true } address => OfAddress(address),
        Uri relative => relative.ToString().Split('?')[0],
        FileSystemInfo file => file.FullName,
        IFormattable value and ValueType => value.ToString(format: null, CultureInfo.CurrentCulture),
        _ => null,
    };

    /// <summary>An absolute address without user, password and the values of its query, any of which may be a secret.</summary>
    public static string OfAddress(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (address.Query.Length > 1 ? "?..." : "");
}
