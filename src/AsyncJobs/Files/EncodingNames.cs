using System.Collections;
using System.Globalization;
using System.Text;

namespace AsyncJobs.Files;

/// <summary>The names that PowerShell gives encodings.</summary>
internal static class EncodingNames
{
    private static readonly UTF8Encoding Utf8NoMark = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly Dictionary<string, Func<Encoding>> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ascii"] = () => Encoding.ASCII,
        ["ansi"] = () => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.ANSICodePage),
        ["bigendianunicode"] = () => Encoding.BigEndianUnicode,
        ["bigendianutf32"] = () => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        ["default"] = () => Utf8NoMark,
        ["oem"] = Oem,
        ["string"] = () => Encoding.Unicode,
        ["unicode"] = () => Encoding.Unicode,
        ["unknown"] = () => Encoding.Unicode,
#pragma warning disable SYSLIB0001 // The cmdlets warn of it, as PowerShell's do.
        ["utf7"] = () => Encoding.UTF7,
#pragma warning restore SYSLIB0001
        ["utf8"] = () => Utf8NoMark,
        ["utf8BOM"] = () => Encoding.UTF8,
        ["utf8NoBOM"] = () => Utf8NoMark,
        ["utf32"] = () => Encoding.UTF32,
    };

    public static Encoding Default => Utf8NoMark;

    public static bool IsObsolete(Encoding? encoding) => encoding?.CodePage == 65000;

    /// <summary>The encoding that a name or code page means.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Encoding Find(object value) => value switch
    {
        Encoding encoding => encoding,
        string name when Known.TryGetValue(name, out Func<Encoding>? make) => make(),
        string digits when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int codePage) =>
            Encoding.GetEncoding(codePage),
        string name => Encoding.GetEncoding(name),
        _ => Encoding.GetEncoding(LanguagePrimitives.ConvertTo<int>(value)),
    };

    private static Encoding Oem() => OperatingSystem.IsWindows()
        ? Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.OEMCodePage)
        : Utf8NoMark;

    /// <summary>Offers the names on Tab; code pages and registered names are taken as well.</summary>
    internal sealed class Completer : IArgumentCompleter
    {
        private static readonly string[] Offered =
        [
            "ascii", "ansi", "bigendianunicode", "bigendianutf32", "oem", "unicode", "utf8", "utf8BOM", "utf8NoBOM", "utf32",
        ];

        public IEnumerable<CompletionResult> CompleteArgument(
            string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        {
            var pattern = new WildcardPattern(wordToComplete.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
            return Offered.Where(pattern.IsMatch).Select(static name => new CompletionResult(name));
        }
    }
}
