using System.Globalization;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Names that tell things apart: policy ids, rule names in a policy, ids in every list that has them.</summary>
internal static class UniquenessValidator
{
    private static readonly string[] ListsWithIds = ["api_keys", "agents", "webhooks", "llm_providers"];

    public static void Check(DocumentView document, Findings findings)
    {
        var policies = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var policy in document.Policies)
        {
            if (policy.Id is { } id && !policies.TryAdd(id, policy.Index))
            {
                findings.Error(
                    MeaningCodes.DuplicatePolicyId,
                    policy.Node["id"]!.Location,
                    policy.Path + ".id",
                    $"{Quote.Text(id)} is also the id of policies[{policies[id]}]",
                    "give each policy its own id: it is part of what its counters are known by");
            }

            CheckRules(policy, findings);
        }

        foreach (var list in ListsWithIds)
        {
            CheckIds(document.Root.ItemsAt(list), list, findings);
        }
    }

    private static void CheckRules(PolicyView policy, Findings findings)
    {
        if (policy.Rules.Count + (policy.Fallback is null ? 0 : 1) < 2)
        {
            return;
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var rule in policy.AllRules)
        {
            if (rule.Name is { } name && !names.TryAdd(name, rule.Path))
            {
                findings.Error(
                    MeaningCodes.DuplicateRuleName,
                    (rule.Node["name"] ?? rule.Node).Location,
                    rule.Path + ".name",
                    $"{Quote.Text(name)} is also the name of {names[name]}",
                    "give each rule of a policy its own name: two rules of one name would share counters");
            }
        }
    }

    /// <summary>Ids in one list.</summary>
    public static void CheckIds(IReadOnlyList<Node> items, string list, Findings findings)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].TextAt("id") is { } id && !ids.Add(id))
            {
                var place = i.ToString(CultureInfo.InvariantCulture);
                findings.Error(
                    MeaningCodes.DuplicateId, items[i]["id"]!.Location, $"{list}[{place}].id", $"{Quote.Text(id)} is used twice in {list}", "give each its own id");
            }
        }
    }
}
