using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>The semantic difference of two bundles: by identity (policy id, rule name), not by line.</summary>
public static class BundleDiff
{
    /// <summary>Changes from one bundle to another, in the order of the new one; a null old bundle counts as empty.</summary>
    public static ImmutableArray<BundleChange> Compare(PolicyDocument? before, PolicyDocument after)
    {
        ArgumentNullException.ThrowIfNull(after);
        var changes = new ChangeList();
        changes.Value("bundle_version", Text(before?.BundleVersion), Text(after.BundleVersion));
        changes.Value("expires_at", Time(before?.ExpiresAt), Time(after.ExpiresAt));
        changes.Each(before?.Policies ?? [], after.Policies, policy => policy.Id, "policies", new PolicyDiff(changes));
        changes.Each(before?.KillSwitches ?? [], after.KillSwitches, kill => kill.Id, "kill_switches", new KillSwitchDiff(changes));
        CompareOverride(changes, "global_shadow", before?.GlobalShadow, after.GlobalShadow);
        CompareOverride(changes, "kill_switch_override", before?.KillSwitchOverride, after.KillSwitchOverride);
        changes.Each(before?.Issuers ?? [], after.Issuers, issuer => issuer.Id, "issuers", new IssuerDiff(changes));
        changes.Each(before?.ApiKeys ?? [], after.ApiKeys, key => key.Id, "api_keys", new ApiKeyDiff(changes));
        RevocationDiff.Compare(changes, before?.Revocations ?? RevocationsDefinition.None, after.Revocations);
        changes.Each(before?.Agents ?? [], after.Agents, agent => agent.Id, "agents", new AgentDiff(changes));
        CertificatesDiff.Compare(changes, before?.ClientCertificates, after.ClientCertificates);
        changes.Each(before?.Webhooks ?? [], after.Webhooks, webhook => webhook.Id, "webhooks", new WebhookDiff(changes));
        changes.Each(before?.LlmProviders ?? [], after.LlmProviders, provider => provider.Id, "llm_providers", new LlmProviderDiff(changes));
        var doors = new DoorDiff(changes);
        doors.Compare("security_headers", before?.SecurityHeaders ?? new SecurityHeadersDefinition(), after.SecurityHeaders);
        changes.Each(before?.Probes ?? [], after.Probes, probe => probe.Name, "probes", doors);
        changes.Value("fuse", Show(before?.Fuse), Show(after.Fuse));
        var testsBefore = before is null ? 0 : before.Tests.Length;
        changes.Value("tests", testsBefore == 0 ? null : Text(testsBefore), after.Tests.IsEmpty ? null : Text(after.Tests.Length));
        return changes.ToImmutable();
    }

    internal static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    // Both switches take protection away while they are on.
    private static void CompareOverride(ChangeList changes, string path, OverrideDefinition? before, OverrideDefinition? after)
    {
        var (was, now) = (before is { Enabled: true }, after is { Enabled: true });
        var effect = was == now ? string.Empty : now ? Effects.Loosens : Effects.Tightens;
        changes.Value(path, Show(before), Show(after), effect);
    }

    private static string? Show(FuseDefinition? value) => value is null
        ? null
        : $"trips at {Text(value.MaxIncreasePercent)} points more refusals in {DurationText.Format(value.Window)}, from {Text(value.MinRequests)} requests";

    private static string? Show(OverrideDefinition? value) =>
        value is null ? null : value.Enabled ? $"on until {Time(value.ExpiresAt)}: {value.Reason}" : "off";
}
