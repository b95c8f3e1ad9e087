using System.Globalization;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Policies of one id.</summary>
internal sealed class PolicyDiff(ChangeList changes) : IChangeComparer<PolicyDefinition>
{
    private readonly RuleDiff _rules = new(changes);
    private readonly ProtectionDiff _protection = new(changes);
    private readonly RouteIdentityDiff _identity = new(changes);
    private readonly ModelRouteDiff _models = new(changes);
    private readonly DoorDiff _doors = new(changes);

    public string Describe(PolicyDefinition value)
    {
        var rules = value.Rules.Length.ToString(CultureInfo.InvariantCulture) + (value.Rules.Length == 1 ? " rule" : " rules");
        return $"{(value.Mode == PolicyMode.Shadow ? "shadow, " : string.Empty)}{rules} on {Selector(value.Selector)}";
    }

    public string EffectOfAdding(PolicyDefinition value) => value.Mode == PolicyMode.Shadow ? string.Empty : Effects.Tightens;

    public string EffectOfRemoving(PolicyDefinition value) => value.Mode == PolicyMode.Shadow ? string.Empty : Effects.Loosens;

    public void Compare(string path, PolicyDefinition before, PolicyDefinition after)
    {
        var mode = after.Mode == PolicyMode.Shadow ? Effects.Loosens : Effects.Tightens;
        changes.Value(path + ".mode", Word(before.Mode), Word(after.Mode), mode);
        CompareSelector(path + ".selector", before.Selector, after.Selector);
        changes.Value(path + ".cluster", before.Cluster, after.Cluster);
        _identity.Compare(path, before.Identity, after.Identity);
        _models.Compare(path, before, after);
        changes.Each(before.Rules, after.Rules, rule => rule.Name, path + ".rules", _rules);
        CompareFallback(path + ".fallback_limit", before.FallbackLimit, after.FallbackLimit);
        _protection.Compare(path, before, after);
        _doors.Compare(path, before, after);
    }

    private void CompareSelector(string path, SelectorDefinition before, SelectorDefinition after)
    {
        changes.Value(path + ".pathExact", before.PathExact, after.PathExact);
        changes.Value(path + ".pathPrefix", before.PathPrefix, after.PathPrefix);
        CompareSet(path + ".hosts", [.. before.Hosts], [.. after.Hosts]);
        CompareSet(path + ".methods", [.. before.Methods], [.. after.Methods]);
    }

    // A policy that covers fewer requests limits fewer; an empty set covers all.
    private void CompareSet(string path, HashSet<string> before, HashSet<string> after)
    {
        var effect = after.Count == 0 || (before.Count > 0 && after.IsProperSupersetOf(before)) ? Effects.Tightens
            : before.Count == 0 || after.IsProperSubsetOf(before) ? Effects.Loosens
            : string.Empty;
        changes.Value(path, List(before), List(after), effect);
    }

    private void CompareFallback(string path, RuleDefinition? before, RuleDefinition? after)
    {
        if (before is not null && after is not null && before.Name == after.Name)
        {
            _rules.Compare(path, before, after);
            return;
        }

        changes.Value(path, before is null ? null : _rules.Describe(before), after is null ? null : _rules.Describe(after), FallbackEffect(before, after));
    }

    private static string FallbackEffect(RuleDefinition? before, RuleDefinition? after) =>
        before is null ? Effects.Tightens : after is null ? Effects.Loosens : Effects.ResetsCounters;

    private static string? List(HashSet<string> set) => set.Count == 0 ? null : string.Join(", ", set.Order(StringComparer.Ordinal));

    private static string Word(PolicyMode mode) => mode == PolicyMode.Shadow ? "shadow" : "enforce";

    private static string Selector(SelectorDefinition selector)
    {
        var path = selector.PathExact ?? (selector.PathPrefix is null ? "every path" : selector.PathPrefix + "...");
        var methods = selector.Methods.IsEmpty ? string.Empty : string.Join('|', selector.Methods) + " ";
        var hosts = selector.Hosts.IsEmpty ? string.Empty : " of " + string.Join(", ", selector.Hosts.Take(3)) + (selector.Hosts.Length > 3 ? ", ..." : string.Empty);
        return methods + path + hosts;
    }
}
