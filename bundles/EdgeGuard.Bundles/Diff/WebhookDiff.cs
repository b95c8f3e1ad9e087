using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Providers of webhooks of one id. Secrets are references, and told as such.</summary>
internal sealed class WebhookDiff(ChangeList changes) : IChangeComparer<WebhookDefinition>
{
    public string Describe(WebhookDefinition value) => value.Scheme.ToString();

    public string EffectOfAdding(WebhookDefinition value) => string.Empty;

    public string EffectOfRemoving(WebhookDefinition value) => string.Empty;

    public void Compare(string path, WebhookDefinition before, WebhookDefinition after)
    {
        changes.Value(path + ".scheme", before.Scheme.ToString(), after.Scheme.ToString());
        NameSets.Accepted(changes, path + ".secrets", before.Secrets, after.Secrets);
        changes.Value(path + ".signature_header", before.SignatureHeader, after.SignatureHeader);
        changes.Value(path + ".timestamp_header", before.TimestampHeader, after.TimestampHeader);
        changes.Value(path + ".delivery_id_header", before.DeliveryIdHeader, after.DeliveryIdHeader);
        changes.Value(path + ".signed_content", before.SignedContent, after.SignedContent);
        changes.Value(path + ".encoding", before.Encoding, after.Encoding);
        changes.Value(path + ".prefix", before.Prefix, after.Prefix);
        Duration(path + ".tolerance", before.Tolerance, after.Tolerance, longerLoosens: true);
        Duration(path + ".replay_window", before.ReplayWindow, after.ReplayWindow, longerLoosens: false);
        changes.Number(path + ".max_body_bytes", before.MaxBodyBytes, after.MaxBodyBytes);
    }

    private void Duration(string path, TimeSpan before, TimeSpan after, bool longerLoosens) => changes.Value(
        path, DurationText.Format(before), DurationText.Format(after), after > before == longerLoosens ? Effects.Loosens : Effects.Tightens);
}
