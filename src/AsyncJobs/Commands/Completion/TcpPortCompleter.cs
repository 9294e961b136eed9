using System.Collections;
using System.Globalization;

namespace AsyncJobs.Commands.Completion;

/// <summary>Completes the port of a service that is often tested for, by its number or its name.</summary>
internal sealed class TcpPortCompleter : IArgumentCompleter
{
    private static readonly (int Port, string Service)[] Services =
    [
        (22, "SSH"), (25, "SMTP"), (53, "DNS"), (80, "HTTP"), (88, "Kerberos"), (110, "POP3"), (135, "RPC"), (139, "NetBIOS"), (143, "IMAP"),
        (389, "LDAP"), (443, "HTTPS"), (445, "SMB"), (465, "SMTPS"), (587, "Submission"), (636, "LDAPS"), (993, "IMAPS"), (995, "POP3S"),
        (1433, "SQLServer"), (1521, "Oracle"), (1883, "MQTT"), (2049, "NFS"), (3268, "GlobalCatalog"), (3306, "MySQL"), (3389, "RDP"),
        (5432, "PostgreSQL"), (5671, "AMQPS"), (5672, "AMQP"), (5900, "VNC"), (5985, "WinRM"), (5986, "WinRMHTTPS"), (6379, "Redis"),
        (6443, "Kubernetes"), (8080, "HTTPAlternate"), (8443, "HTTPSAlternate"), (9090, "Prometheus"), (9092, "Kafka"),
        (9200, "Elasticsearch"), (27017, "MongoDB"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = ArgumentText.Beginning(wordToComplete);
        return
            from service in Services
            let number = service.Port.ToString(CultureInfo.InvariantCulture)
            where pattern.IsMatch(number) || pattern.IsMatch(service.Service)
            select new CompletionResult(number, $"{number} {service.Service}", CompletionResultType.ParameterValue, service.Service);
    }
}
