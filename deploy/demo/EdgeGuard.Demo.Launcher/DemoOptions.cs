using System.Globalization;
using EdgeGuard.Testing;

namespace EdgeGuard.Demo.Launcher;

/// <summary>What <c>run.sh</c> was asked for. Each option is also an environment variable; 0 takes a free port.</summary>
internal sealed record DemoOptions
{
    public const string Usage = """
        ./run.sh [options]        start control plane, edge and a demo service; Ctrl-C stops them
        ./run.sh --smoke          drive the whole job on free ports in a temporary folder, print what was seen, stop

          --data-dir FOLDER           where everything is kept     (EDGEGUARD_DATA_DIR, .edgeguard in the repository)
          --proxy-port PORT           the edge's reverse proxy     (EDGEGUARD_PROXY_PORT, 8080)
          --decision-port PORT        the edge's decision API      (EDGEGUARD_DECISION_PORT, 8081)
          --decision-http2-port PORT  the same over HTTP/2         (EDGEGUARD_DECISION_HTTP2_PORT, 8082)
          --probes-port PORT          probes and metrics           (EDGEGUARD_PROBES_PORT, 9090)
          --control-plane-port PORT   the control plane, HTTPS     (EDGEGUARD_CONTROL_PLANE_PORT, 8443)
          --upstream-port PORT        the demo service             (EDGEGUARD_UPSTREAM_PORT, 9000)
        """;

    private static readonly (string Name, int Default)[] Ports =
        [("proxy", 8080), ("decision", 8081), ("decision-http2", 8082), ("probes", 9090), ("control-plane", 8443), ("upstream", 9000)];

    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);

    public bool Smoke { get; private init; }

    public string DataDir { get; private init; } = string.Empty;

    public IReadOnlyDictionary<string, int> PortsByName => _ports;

    public int Port(string name) => _ports[name];

    /// <summary>Options, or null with what to say.</summary>
    public static DemoOptions? Parse(string[] arguments, out string message)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        bool smoke = false;
        message = string.Empty;
        for (int i = 0; i < arguments.Length; i++)
        {
            string[] parts = arguments[i].Split('=', 2);
            string name = parts[0].TrimStart('-');
            if (parts[0] == "--smoke")
            {
                smoke = true;
            }
            else if (parts[0].StartsWith("--", StringComparison.Ordinal) && IsKnown(name) && (parts.Length == 2 || i + 1 < arguments.Length))
            {
                values[name] = parts.Length == 2 ? parts[1] : arguments[++i];
            }
            else
            {
                message = arguments[i] is "--help" or "-h" ? Usage : $"unknown option or missing value: {arguments[i]}\n\n{Usage}";
                return null;
            }
        }

        DemoOptions options = new() { Smoke = smoke, DataDir = Path.GetFullPath(Value(values, "data-dir") ?? RepositoryRoot.Combine(".edgeguard")) };
        foreach ((string name, int standard) in Ports)
        {
            string text = Value(values, name + "-port") ?? standard.ToString(CultureInfo.InvariantCulture);
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > ushort.MaxValue)
            {
                message = $"--{name}-port: '{text}' is no port (0 to 65535)";
                return null;
            }

            options._ports[name] = port;
        }

        return options;
    }

    private static bool IsKnown(string name) => name == "data-dir" || Ports.Any(port => name == port.Name + "-port");

    private static string? Value(Dictionary<string, string> flags, string name)
        => flags.GetValueOrDefault(name)
            ?? (Environment.GetEnvironmentVariable("EDGEGUARD_" + name.ToUpperInvariant().Replace('-', '_')) is { Length: > 0 } value ? value : null);
}
