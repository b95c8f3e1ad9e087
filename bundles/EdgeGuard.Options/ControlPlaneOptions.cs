namespace EdgeGuard.Options;

/// <summary>How a control-plane process runs. Keys as in <see cref="EdgeOptions"/>; environment <c>EDGEGUARD_CP_*</c>.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary><c>host:port</c>; port 0 takes a free one.</summary>
    public string Listen { get; init; } = "0.0.0.0:8443";

    /// <summary>Folder of the database and of everything generated.</summary>
    public string DataDir { get; init; } = "/var/lib/edgeguard-control-plane";

    /// <summary>PostgreSQL connection string, or null for SQLite in the data folder.</summary>
    public SecretText? PostgresConnection { get; init; }

    /// <summary>Master key, base64 of 32 bytes or more: signing keys of edges are derived from it.</summary>
    public SecretText? MasterKey { get; init; }

    /// <summary>Key that sensitive columns are encrypted with, <c>kid:base64url</c>, several separated by commas, the first one writes.</summary>
    public SecretText? DataKeys { get; init; }

    /// <summary>PEM certificate chain, or empty for a throwaway authority in the data folder.</summary>
    public string TlsCertificateFile { get; init; } = string.Empty;

    public string TlsKeyFile { get; init; } = string.Empty;

    /// <summary>Names and addresses in the throwaway certificate, separated by commas.</summary>
    public string TlsNames { get; init; } = "localhost,127.0.0.1,::1";

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    public string LogLevel { get; init; } = "information";
}
