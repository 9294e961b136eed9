using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Microsoft.PowerShell.Commands;

public class WebRequestSession
{
    public Dictionary<string, string> Headers { get; set; } = null!;

    public CookieContainer Cookies { get; set; } = null!;

    public bool UseDefaultCredentials { get; set; }

    public ICredentials? Credentials { get; set; }

    public X509CertificateCollection? Certificates { get; set; }

    public string UserAgent { get; set; } = null!;

    public IWebProxy? Proxy { get; set; }

    public int MaximumRedirection { get; set; }

    public int MaximumRetryCount { get; set; }

    public int RetryIntervalInSeconds { get; set; }
}
