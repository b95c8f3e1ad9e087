using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>How an issuer's tokens are bound to their holder. A binding that comes tightens, one that goes loosens.</summary>
internal sealed class BindingDiff(ChangeList changes)
{
    public void Compare(string path, BindingDefinition? before, BindingDefinition? after) =>
        changes.Limiting(path, before, after, binding => Kinds(binding.Kinds), (was, now) =>
        {
            var effect = (was.Kinds & now.Kinds) == was.Kinds ? Effects.Loosens : (was.Kinds & now.Kinds) == now.Kinds ? Effects.Tightens : string.Empty;
            changes.Value(path + ".kinds", Kinds(was.Kinds), Kinds(now.Kinds), effect);
            Flag(path + ".required", was.Required, now.Required);
            changes.Value(
                path + ".dpop_max_age",
                DurationText.Format(was.DpopMaxAge),
                DurationText.Format(now.DpopMaxAge),
                now.DpopMaxAge > was.DpopMaxAge ? Effects.Loosens : Effects.Tightens);
            Flag(path + ".dpop_nonce", was.DpopNonce, now.DpopNonce);
            changes.Value(path + ".fingerprint_claim", was.FingerprintClaim, now.FingerprintClaim);
            changes.Value(path + ".fingerprint_header", was.FingerprintHeader, now.FingerprintHeader);
        });

    private void Flag(string path, bool before, bool after) =>
        changes.Value(path, before ? "true" : "false", after ? "true" : "false", after ? Effects.Tightens : Effects.Loosens);

    private static string Kinds(BindingKinds kinds) => string.Join(", ", new[]
    {
        (BindingKinds.Dpop, "dpop"), (BindingKinds.Certificate, "mtls"), (BindingKinds.Fingerprint, "fingerprint"),
    }.Where(kind => (kinds & kind.Item1) != BindingKinds.None).Select(kind => kind.Item2));
}
