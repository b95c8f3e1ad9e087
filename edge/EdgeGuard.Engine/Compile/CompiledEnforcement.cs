using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Compile;

/// <summary>
/// Whether a rule is enforced for an identity: its hash is below the share. The hash is under a fixed key, so that every edge and every start
/// agrees, and over policy and rule, so that different rules choose different identities.
/// </summary>
internal sealed class CompiledEnforcement
{
    // Not a secret: who is in the share is no secret either, and two edges must agree. "edgeguard-share1".
    private static readonly UInt128 Key = new(0x6564676567756172, 0x642d736861726531);

    private readonly int _slot;
    private readonly SipHash _prefix;
    private readonly ulong _below;

    public CompiledEnforcement(EnforcementDefinition enforcement, int slot, string policyId, string ruleName)
    {
        _slot = slot;
        _prefix = new SipHash(Key);
        KeyText.Append(ref _prefix, policyId);
        KeyText.Append(ref _prefix, ruleName);

        // A share of 2^32, so that 100 percent is above every hash.
        _below = (ulong)Math.Round(enforcement.Percent / 100 * (1UL << 32));
    }

    /// <summary>Whether the request is in the enforced share. One without the identity is: leaving it out is no way around.</summary>
    public bool IsEnforced(FactSet facts)
    {
        if (facts.StateOf(_slot) != FactState.Present)
        {
            return _below > 0;
        }

        var value = facts.ValueOf(_slot);
        var hash = _prefix;
        hash.Append((ulong)value.Length);
        hash.AppendPadded(value);
        return (hash.Finish().Low >> 32) < _below;
    }
}
