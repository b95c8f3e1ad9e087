using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Options.Definitions;

namespace EdgeGuard.Options.Reading;

/// <summary>Options from environment variables.</summary>
internal static class EnvironmentSource
{
    private const string ProductPrefix = "EDGEGUARD_";

    /// <summary>Names that only the CLI reads; they may be set in the same shell.</summary>
    private static readonly string[] CliNames =
        ["EDGEGUARD_URL", "EDGEGUARD_TOKEN", "EDGEGUARD_TOKEN_FILE", "EDGEGUARD_CA", "EDGEGUARD_ADMIN_SOCKET"];

    /// <summary>Reads the variables of one executable; those of the others are known and left alone.</summary>
    public static OptionSource Read(OptionTable table, OptionTable other, IReadOnlyDictionary<string, string> environment)
    {
        var source = new OptionSource();
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(ProductPrefix, StringComparison.Ordinal) || name == table.ConfigVariable)
            {
                continue;
            }

            if (Find(table, name, out var key, out var namesFile) is { } option)
            {
                // Compose files and unit files write `NAME=` for "not set".
                if (value.Length > 0)
                {
                    source.Add(new RawOption(option, key, [value], false, new SourceLocation(name, 0, 0), namesFile));
                }

                continue;
            }

            if (Find(other, name, out _, out _) is null && name != other.ConfigVariable && !CliNames.Contains(name, StringComparer.Ordinal) &&
                !IsServiceLink(name, value))
            {
                var nearest = NearestName.Find(name, table.EnvironmentNames().Concat(other.EnvironmentNames()).Concat(CliNames));
                source.Refuse(OptionsCodes.UnknownVariable, new SourceLocation(name, 0, 0), string.Empty, "unknown environment variable",
                    nearest is null ? "unset it; docs/configuration.md lists every name" : $"did you mean {nearest}?");
            }
        }

        return source;
    }

    private static OptionDefinition? Find(OptionTable table, string name, out string key, out bool namesFile)
    {
        key = string.Empty;
        namesFile = false;
        if (!name.StartsWith(table.EnvironmentPrefix, StringComparison.Ordinal) || name.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            return null;
        }

        var lower = name[table.EnvironmentPrefix.Length..].ToLowerInvariant().Replace("__", ".", StringComparison.Ordinal);
        var option = table.Find(lower, out namesFile);
        key = option is null ? string.Empty : namesFile ? lower[..^OptionTable.FileSuffix.Length] : lower;
        return option;
    }

    /// <summary>
    /// Kubernetes sets variables for every Service of the namespace; for one called <c>edgeguard</c> or <c>edgeguard-edge</c> they begin
    /// like ours: <c>EDGEGUARD_SERVICE_HOST</c>, <c>EDGEGUARD_PORT=tcp://10.0.0.7:8080</c>, <c>EDGEGUARD_PORT_8080_TCP_ADDR</c>.
    /// </summary>
    private static bool IsServiceLink(string name, string value) =>
        name.EndsWith("_SERVICE_HOST", StringComparison.Ordinal) ||
        name.Contains("_SERVICE_PORT", StringComparison.Ordinal) ||
        name.Contains("_TCP", StringComparison.Ordinal) && name.Contains("_PORT_", StringComparison.Ordinal) ||
        name.Contains("_UDP", StringComparison.Ordinal) && name.Contains("_PORT_", StringComparison.Ordinal) ||
        (name.EndsWith("_PORT", StringComparison.Ordinal) && value.Contains("://", StringComparison.Ordinal));
}
