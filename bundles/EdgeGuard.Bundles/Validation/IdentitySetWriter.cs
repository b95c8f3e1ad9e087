using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Writes API keys and revocations as the nodes that they are read from.</summary>
internal static class IdentitySetWriter
{
    public static Node ToNode(IEnumerable<ApiKeyDefinition> keys) =>
        Map([Entry("api_keys", List(keys.Select(ToNode)))]);

    public static Node ToNode(RevocationsDefinition revocations) => Map(
    [
        Entry("revocations", Map(
        [
            Entry("tokens_valid_after", List(revocations.TokensValidAfter.Select(ToNode))),
            Entry("token_ids", Texts(revocations.TokenIds)),
        ])),
    ]);

    /// <summary>One key.</summary>
    public static Node ToNode(ApiKeyDefinition key)
    {
        var entries = new List<NodeEntry>
        {
            Text("id", key.Id),
            Text("kind", key.IsPublishable ? "publishable" : "secret"),
            Text("sha256", key.Sha256),
            Text("organization", key.Organization),
            Text("environment", key.Environment),
        };
        if (key.Plan is not null)
        {
            entries.Add(Text("plan", key.Plan));
        }

        AddList(entries, "scopes", key.Scopes);
        AddList(entries, "allowed_origins", key.AllowedOrigins);
        AddList(entries, "allowed_methods", key.AllowedMethods);
        AddList(entries, "allowed_paths", key.AllowedPaths);
        if (key.NotBefore is { } start)
        {
            entries.Add(Text("not_before", Time(start)));
        }

        if (key.ExpiresAt is { } end)
        {
            entries.Add(Text("expires_at", Time(end)));
        }

        return Map(entries);
    }

    private static Node ToNode(TokensValidAfter item) => Map(
    [
        Text("kind", item.Kind switch
        {
            RevokedKind.Organization => "organization",
            RevokedKind.Key => "key",
            _ => "subject",
        }),
        Text("value", item.Value),
        Text("time", Time(item.Time)),
    ]);

    private static void AddList(List<NodeEntry> entries, string name, ImmutableArray<string> values)
    {
        if (!values.IsDefaultOrEmpty)
        {
            entries.Add(Entry(name, Texts(values)));
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Node Texts(IEnumerable<string> values) => List(values.Select(value => Node.OfString(value, SourceLocation.None)));

    private static Node List(IEnumerable<Node> items) => Node.OfList([.. items], SourceLocation.None);

    private static Node Map(List<NodeEntry> entries) => Node.OfMap(entries, SourceLocation.None);

    private static NodeEntry Text(string key, string value) => Entry(key, Node.OfString(value, SourceLocation.None));

    private static NodeEntry Entry(string key, Node value) => new(key, SourceLocation.None, value);
}
