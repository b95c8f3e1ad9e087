using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes kill switches of nodes without error.</summary>
internal static class KillSwitchBinder
{
    public static ImmutableArray<KillSwitchDefinition> Bind(Node? list)
    {
        if (list is null || list.Items.Count == 0)
        {
            return [];
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (item.TextAt("id") is { } id)
            {
                taken.Add(id);
            }
        }

        var switches = ImmutableArray.CreateBuilder<KillSwitchDefinition>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            switches.Add(BindOne(list.Items[i], i + 1, taken));
        }

        return switches.MoveToImmutable();
    }

    private static KillSwitchDefinition BindOne(Node node, int place, HashSet<string> taken)
    {
        var id = node.TextAt("id");
        for (var number = place; id is null; number++)
        {
            var candidate = "kill-" + number.ToString(CultureInfo.InvariantCulture);
            id = taken.Add(candidate) ? candidate : null;
        }

        return new KillSwitchDefinition
        {
            Id = id,
            ScopeKey = DescriptorCatalog.TryParse(node.TextAt("scope_key")!, out var key)
                ? key
                : throw new InvalidOperationException("bound before it was validated"),
            ScopeValue = node.TextAt("scope_value")!,
            Route = node.TextAt("route"),
            Reason = node.TextAt("reason"),
            ExpiresAt = node.TimeAt("expires_at"),
            Status = (int)(node.NumberAt("status") ?? 429),
        };
    }
}
