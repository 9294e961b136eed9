using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AsyncJobs.Core.Web;

/// <summary>
/// Judges the server's certificate as .NET does by itself, but refuses it with an exception that can be told from the
/// other ways in which TLS fails.
/// </summary>
internal static class CertificateCheck
{
    public static RemoteCertificateValidationCallback Strict { get; } = Validate;

#pragma warning disable CA5359 // Only where the user asked for it.
    public static RemoteCertificateValidationCallback None { get; } = (_, _, _, _) => true;
#pragma warning restore CA5359

    private static bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            reasons.Add("the server sent none");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"it is for {certificate?.Subject}, not for this host");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            reasons.AddRange(chain?.ChainStatus.Select(status => status.StatusInformation.TrimEnd('.', ' ', '\r', '\n')) ?? []);
        }

        throw new CertificateRefusedException(string.Join("; ", reasons) + ".");
    }
}

/// <summary>The reasons why a certificate was refused; seen by users as the cause of a <see cref="WebRequestException"/>.</summary>
#pragma warning disable CA1064 // Thrown and caught within the web engine alone.
internal sealed class CertificateRefusedException(string reasons) : AuthenticationException(reasons);
#pragma warning restore CA1064
