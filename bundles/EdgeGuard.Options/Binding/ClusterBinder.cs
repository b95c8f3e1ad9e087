using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>Values of one cluster.</summary>
internal static class ClusterBinder
{
    public static ClusterOptions Bind(OptionValues values, string name)
    {
        var cluster = $"clusters.{name}.";
        return new ClusterOptions
        {
            Destinations = values.List(cluster + "destinations"),
            Timeout = values.Duration(cluster + "timeout"),
            ConnectTimeout = values.Duration(cluster + "connect_timeout"),
            Protocol = values.Text(cluster + "protocol"),
            Balancing = values.Text(cluster + "balancing"),
            Retries = (int)values.Number(cluster + "retries"),
            PassiveHealth = values.Boolean(cluster + "passive_health"),
            Health = new HealthOptions
            {
                Path = values.Text(cluster + "health.path"),
                Interval = values.Duration(cluster + "health.interval"),
                Timeout = values.Duration(cluster + "health.timeout"),
            },
            Tls = new UpstreamTlsOptions
            {
                ServerName = values.Text(cluster + "tls.server_name"),
                TrustFile = values.Text(cluster + "tls.trust_file"),
                CertificateFile = values.Text(cluster + "tls.certificate_file"),
                KeyFile = values.Text(cluster + "tls.key_file"),
            },
        };
    }
}
