using System.Globalization;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Writes kill switches as the nodes that they are read from.</summary>
internal static class KillSwitchWriter
{
    public static Node ToNode(IEnumerable<KillSwitchDefinition> switches)
    {
        var items = switches.Select(Write).ToList();
        return Node.OfMap([Entry("kill_switches", Node.OfList(items, SourceLocation.None))], SourceLocation.None);
    }

    private static Node Write(KillSwitchDefinition kill)
    {
        var entries = new List<NodeEntry>
        {
            Text("id", kill.Id),
            Text("scope_key", kill.ScopeKey.ToString()),
            Text("scope_value", kill.ScopeValue),
            Entry("status", Node.OfInteger(kill.Status, kill.Status.ToString(CultureInfo.InvariantCulture), SourceLocation.None)),
        };
        if (kill.Route is not null)
        {
            entries.Add(Text("route", kill.Route));
        }

        if (kill.Reason is not null)
        {
            entries.Add(Text("reason", kill.Reason));
        }

        if (kill.ExpiresAt is { } expiry)
        {
            entries.Add(Text("expires_at", expiry.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        }

        return Node.OfMap(entries, SourceLocation.None);
    }

    private static NodeEntry Text(string key, string value) => Entry(key, Node.OfString(value, SourceLocation.None));

    private static NodeEntry Entry(string key, Node value) => new(key, SourceLocation.None, value);
}
