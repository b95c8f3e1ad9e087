using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>Values of the table into <see cref="ControlPlaneOptions"/>.</summary>
internal static class ControlPlaneBinder
{
    public static ControlPlaneOptions Bind(OptionValues values) => new()
    {
        Listen = values.Text("listen"),
        DataDir = values.Text("data_dir"),
        PostgresConnection = values.Secret("postgres_connection"),
        MasterKey = values.Secret("master_key"),
        DataKeys = values.Secret("data_keys"),
        TlsCertificateFile = values.Text("tls.certificate_file"),
        TlsKeyFile = values.Text("tls.key_file"),
        TlsNames = string.Join(",", values.List("tls.names")),
        HeartbeatInterval = values.Duration("heartbeat_interval"),
        LogLevel = values.Text("log.level"),
    };
}
