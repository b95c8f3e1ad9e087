using System.Buffers;
using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>What must hold within a cluster.</summary>
internal static class ClusterChecks
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");

    public static void Run(string name, ClusterOptions cluster, OptionValues values)
    {
        var key = $"clusters.{name}.";
        if (name.Length > 64 || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            values.Refuse(OptionsCodes.WrongType, key + "destinations", $"`{name}` cannot name a cluster", "use at most 64 of a-z 0-9 _ -");
        }

        if (cluster.Destinations.IsEmpty && !values.Problems.Exists(problem => problem.Path.StartsWith(key + "destinations", StringComparison.Ordinal)))
        {
            values.Refuse(OptionsCodes.NoDefaultCluster, key + "destinations", "the cluster has no destination", "add at least one address");
        }

        if (cluster.Health.Path.Length > 0 && (!cluster.Health.Path.StartsWith('/') || cluster.Health.Path.Contains('?', StringComparison.Ordinal) || !Uri.IsWellFormedUriString(cluster.Health.Path, UriKind.Relative)))
        {
            values.Refuse(OptionsCodes.WrongType, key + "health.path", $"`{cluster.Health.Path}` is no path", "write a path that begins with /, such as /healthz");
        }

        CheckTls(key, cluster, values);
    }

    private static void CheckTls(string key, ClusterOptions cluster, OptionValues values)
    {
        var tls = cluster.Tls;
        if (tls.CertificateFile.Length > 0 != tls.KeyFile.Length > 0)
        {
            values.Refuse(OptionsCodes.ClusterContradiction, key + "tls.certificate_file", "a certificate and its key are needed together",
                "set tls.certificate_file and tls.key_file of the cluster, or neither");
        }

        if (tls.ServerName.Length > 0 && Uri.CheckHostName(tls.ServerName) != UriHostNameType.Dns)
        {
            values.Refuse(OptionsCodes.WrongType, key + "tls.server_name", $"`{tls.ServerName}` is no host name", "write a name such as api.internal");
        }

        var isAny = tls.ServerName.Length > 0 || tls.TrustFile.Length > 0 || tls.CertificateFile.Length > 0;
        var plain = cluster.Destinations.FirstOrDefault(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        if (isAny && plain is not null)
        {
            values.Refuse(OptionsCodes.ClusterContradiction, key + "destinations", $"`{plain}` is without TLS, and the cluster says how TLS is to be spoken",
                "use https for all destinations, or remove the tls options of the cluster");
        }
    }
}
