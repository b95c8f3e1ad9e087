using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

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

            if (node.TextAt("scope_key") is { } scope && DescriptorCatalog.TryParse(scope, out var read)
                && read.Kind is DescriptorKind.LlmProperty or DescriptorKind.McpProperty)
            {
                findings.Error(
                    MeaningCodes.ModelDescriptorMisplaced,
                    node["scope_key"]!.Location,
                    path + ".scope_key",
                    $"{Quote.Text(scope)} is read from the body, and kill switches are looked up before any body is read",
                    read.Kind == DescriptorKind.LlmProperty ? "list the model in denied_models of the policy" : "list the tool in denied_tools of the policy");
            }

            if (node["route"] is { Kind: NodeKind.String } route)
            {
                PathValidator.Check(route, path + ".route", findings);
            }
        }
    }
}
