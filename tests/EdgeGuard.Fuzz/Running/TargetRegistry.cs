using EdgeGuard.Fuzz.Targets;

namespace EdgeGuard.Fuzz.Running;

/// <summary>All targets. One that is not here is never run.</summary>
internal static class TargetRegistry
{
    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<IFuzzTarget> All { get; } = [.. new IFuzzTarget[]
    {
        new AddressListTarget(),
        new BodyTarget(),
        new BundleTarget(),
        new CookieTarget(),
        new CounterFileTarget(),
        new DpopProofTarget(),
        new JwkSetTarget(),
        new PathTarget(),
        new QueryTarget(),
        new SignatureHeadersTarget(),
        new SignedDocumentTarget(),
        new SignedHeaderTarget(),
        new TokenTarget(),
        new StreamGateTarget("stream-array", isArray: true),
        new StreamGateTarget("stream-events", isArray: false),
        new UsageTarget("usage-events", isStream: true),
        new UsageTarget("usage-json", isStream: false),
        new WebhookTarget(),
    }.OrderBy(target => target.Name, StringComparer.Ordinal)];

    /// <summary>The target of a name, or null.</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
