namespace EdgeGuard.Options.Definitions;

/// <summary>The options of <c>edgeguard-control-plane</c>.</summary>
public static class ControlPlaneOptionTable
{
    /// <summary>The table.</summary>
    public static OptionTable Table { get; } = new("EDGEGUARD_CP_", "edgeguard-control-plane.yaml",
    [
        new("listen", OptionKind.Address, "0.0.0.0:8443", "HTTPS listener for edges, the CLI and people.") { TcpOnly = true, Range = "host:port" },
        new("data_dir", OptionKind.Path, "/var/lib/edgeguard-control-plane", "Folder of the database and of everything generated."),
        new("postgres_connection", OptionKind.Text, "", "PostgreSQL connection string; SQLite in the data folder when empty.") { Secret = true },
        new("master_key", OptionKind.Text, "", "Master key, base64 of 32 bytes or more; generated in the data folder when empty.") { Secret = true },
        new("data_keys", OptionKind.Text, "", "Keys that columns are encrypted with, `kid:base64url`, comma separated, the first one writes.") { Secret = true },
        new("tls.certificate_file", OptionKind.Path, "", "PEM certificate chain; a throwaway authority in the data folder when empty."),
        new("tls.key_file", OptionKind.Path, "", "PEM private key of the certificate."),
        new("tls.names", OptionKind.List, "localhost,127.0.0.1,::1", "Names and addresses in the throwaway certificate."),
        new("heartbeat_interval", OptionKind.Duration, "5s", "How often edges are told what is current.")
        {
            Min = 100, Max = 300_000, Range = "100ms to 5m",
        },
        new("log.level", OptionKind.Choice, "information", "Least severity that is logged.")
        {
            Choices = ["trace", "debug", "information", "warning", "error"],
        },
    ]);
}
