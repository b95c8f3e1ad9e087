using System.Globalization;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Kill switches: ids that tell them apart, routes that can match.</summary>
internal static class KillSwitchValidator
{
    public static void Check(Node root, Findings findings)
    {
        var switches = root.ItemsAt("kill_switches");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < switches.Count; i++)
        {
            var node = switches[i];
            var path = "kill_switches[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            if (node.TextAt("id") is { } id && !ids.TryAdd(id, i))
            {
                findings.Error(
                    MeaningCodes.DuplicateKillSwitchId,
                    node["id"]!.Location,
                    path + ".id",
                    $"{Quote.Text(id)} is also the id of kill_switches[{ids[id]}]",
                    "give each kill switch its own id, or leave the id out");
            }

            if (node.TextAt("scope_key") is { } key && key.EndsWith("[*]", StringComparison.Ordinal))
            {
                findings.Error(
                    MeaningCodes.MembershipOutsideMatch,
                    node["scope_key"]!.Location,
                    path + ".scope_key",
                    $"{Quote.Text(key)} asks whether a list holds something, and has no value of its own",
                    "kill by a claim with one value, such as jwt:sub");
            }

            if (node["route"] is { Kind: NodeKind.String } route)
            {
                PathValidator.Check(route, path + ".route", findings);
            }
        }
    }
}
