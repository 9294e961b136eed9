using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AsyncJobs.Core.Web;

/// <summary>
/// Judges the server's certificate as .NET does by itself, but names the certificate, and each fault of its chain in the
/// system's words beside .NET's.
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

        IEnumerable<string> faults = (chain?.ChainStatus ?? [])
            .Select(fault => $"; {fault.Status}, {fault.StatusInformation.TrimEnd('.', ' ', '\r', '\n')}");
        throw new AuthenticationException(
            $"The remote certificate is invalid: {errors}. It is for {certificate?.Subject}{string.Concat(faults)}.");
    }
}
