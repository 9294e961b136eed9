using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AsyncJobs.Core.Web;

/// <summary>Makes values of what connections differ in, to be compared by what they say.</summary>
internal static class Keyed
{
    // Passwords are compared by a code that only this process can make.
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    public static ByValue<ICredentials>? Of(ICredentials? credentials) => credentials is null ? null : new(credentials, KeyOf(credentials));

    public static ByValue<IWebProxy>? Of(IWebProxy? proxy) => proxy switch
    {
        null => null,
        WebProxy known => new(
            known, (known.Address, known.BypassProxyOnLocal, string.Join(' ', known.BypassList), KeyOf(known.Credentials))),
        _ => new(proxy, proxy),
    };

    public static ByValue<X509CertificateCollection>? Of(X509CertificateCollection? certificates) => certificates is null or { Count: 0 }
        ? null
        : new(certificates, string.Join(' ', certificates.Cast<X509Certificate>().Select(certificate => certificate.GetCertHashString())));

    private static object KeyOf(ICredentials? credentials) => credentials switch
    {
        null => "",
        NetworkCredential { UserName.Length: > 0 } user => (user.UserName, user.Domain, CodeOf(user.Password)),
        _ => credentials,
    };

    private static string CodeOf(string password) => Convert.ToHexString(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(password)));
}
