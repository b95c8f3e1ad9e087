using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Compile;

/// <summary>Which of a rule's sets of numbers holds for a request.</summary>
internal sealed class CompiledTiers
{
    private readonly int _by;
    private readonly int _for;
    private readonly int _default;
    private readonly ByteMap _plans;
    private readonly ByteMap _granted;
    private readonly (int Plan, long Until, int Next)[] _grants;

    public CompiledTiers(TiersDefinition tiers, int by, int @for)
    {
        _by = by;
        _for = @for;
        var plans = new List<(int, byte[], int)>(tiers.Plans.Length);
        for (var i = 0; i < tiers.Plans.Length; i++)
        {
            plans.Add((0, Encoding.UTF8.GetBytes(tiers.Plans[i].Name), i));
            _default = tiers.Plans[i].Name == tiers.Default ? i : _default;
        }

        _plans = ByteMap.Build(plans);
        _grants = new (int, long, int)[tiers.Grants.Length];
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = tiers.Grants.Length - 1; i >= 0; i--)
        {
            var grant = tiers.Grants[i];
            _grants[i] = (PlanOf(grant.Tier), grant.ExpiresAt.ToUnixTimeMilliseconds(), first.GetValueOrDefault(grant.Value, -1));
            first[grant.Value] = i;
        }

        var granted = new List<(int, byte[], int)>(first.Count);
        foreach (var (value, index) in first)
        {
            granted.Add((0, Encoding.UTF8.GetBytes(value), index));
        }

        _granted = ByteMap.Build(granted);
    }

    /// <summary>Index of the plan: a grant in force before the plan that the request names, and the default without either.</summary>
    public int PlanOf(FactSet facts, long unixMilliseconds)
    {
        if (_grants.Length > 0 && facts.StateOf(_for) == FactState.Present)
        {
            for (var i = _granted.Find(0, facts.ValueOf(_for)); i >= 0; i = _grants[i].Next)
            {
                if (_grants[i].Until > unixMilliseconds)
                {
                    return _grants[i].Plan;
                }
            }
        }

        if (facts.StateOf(_by) != FactState.Present)
        {
            return _default;
        }

        var plan = _plans.Find(0, facts.ValueOf(_by));
        return plan < 0 ? _default : plan;
    }

    private int PlanOf(string name)
    {
        var plan = _plans.Find(0, Encoding.UTF8.GetBytes(name));
        return plan < 0 ? _default : plan;
    }
}
