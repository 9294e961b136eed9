using System.Collections;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes the thumbprint of a certificate of the user's store that has a private key.</summary>
internal sealed class CertificateCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> GetWords(IDictionary given)
    {
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        }
        catch (CryptographicException)
        {
            // There is no store.
            return [];
        }

        return
        [
            .. from certificate in store.Certificates
               where certificate.HasPrivateKey
               select (certificate.Thumbprint, $"{certificate.Subject}, until {certificate.NotAfter:d}"),
        ];
    }
}
