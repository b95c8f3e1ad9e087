using EdgeGuard.Bundles.Validation;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>
/// The first steps of an activation, which change nothing: verify, read, validate, compile, run the bundle's own tests. At the start they run on a thread of their
/// own for the bundles that will be activated first, while the listeners are built: each of the two takes about a third of a start.
/// </summary>
internal sealed class BundlePreparation(EdgeOptions options, BundleVerifier verifier, TimeProvider time)
{
    private readonly ValidationContext _context = ContextOf(options);
    private volatile Task<List<PreparedBundle>>? _early;

    /// <summary>Verifies and builds.</summary>
    /// <param name="document">The bytes as received.</param>
    /// <param name="origin">Where they came from.</param>
    public PreparedBundle Prepare(ReadOnlyMemory<byte> document, string origin)
    {
        if (TakeEarly(document, origin) is { } early)
        {
            return early;
        }

        // The signature, before anything looks at what was signed.
        var verified = Verify(document, origin);
        return new PreparedBundle(
            origin, document, verified, verified.Problem is null ? BundleBuilder.Build(verified.Payload, NameOf(origin), _context) : null);
    }

    /// <summary>Begins with what a start activates first: the bundle kept in the state directory, then the file.</summary>
    /// <param name="state">The state directory, open.</param>
    public void BeginEarly(StateDirectory state) => _early = Task.Run(() => PrepareEarly(state));

    /// <summary>The start is over: forgets what was prepared for it.</summary>
    public void EndEarly() => _early = null;

    private List<PreparedBundle> PrepareEarly(StateDirectory state)
    {
        var prepared = new List<PreparedBundle>();
        if (state.Read(StateFiles.LastGoodBundle) is { Length: > 0 } kept)
        {
            prepared.Add(Prepared(kept, BundleActivator.LastGood, null));
        }

        if (options.BundleFile.Length > 0 && FileBundleSource.ReadQuietly(options.BundleFile) is { } file)
        {
            prepared.Add(Prepared(file, FileBundleSource.Origin, prepared.FirstOrDefault()));
        }

        return prepared;
    }

    // Mostly the file is what was kept. Only a finding names the file that it is in, so what has none need not be built twice.
    private PreparedBundle Prepared(byte[] document, string origin, PreparedBundle? before)
    {
        var verified = Verify(document, origin);
        if (verified.Problem is not null)
        {
            return new PreparedBundle(origin, document, verified, null);
        }

        var same = before is { Build.Diagnostics.IsEmpty: true, Build.Policy: not null } && before.Document.Span.SequenceEqual(document);
        return new PreparedBundle(origin, document, verified, same ? before!.Build : BundleBuilder.Build(verified.Payload, NameOf(origin), _context));
    }

    // Never waited for on behalf of bytes that may not be among what it prepares: only the start activates while this is set.
    private PreparedBundle? TakeEarly(ReadOnlyMemory<byte> document, string origin) =>
        _early?.GetAwaiter().GetResult().Find(early => early.Origin == origin && early.Document.Span.SequenceEqual(document.Span));

    private VerifiedBundle Verify(ReadOnlyMemory<byte> document, string origin) =>
        verifier.Verify(document, time.GetUtcNow(), wasInForce: origin == BundleActivator.LastGood);

    private string NameOf(string origin) => origin switch
    {
        FileBundleSource.Origin => Path.GetFileName(options.BundleFile),
        BundleActivator.LastGood => StateFiles.LastGoodBundle,
        _ => origin,
    };

    private static ValidationContext ContextOf(EdgeOptions options) => new()
    {
        JwtVerificationOff = options.JwtVerificationOff,
        DecisionDoorWithoutTrustedProxies =
            (options.Listen.Decision != "off" || options.Listen.DecisionHttp2 != "off") && options.TrustedProxies.IsEmpty,
        WithoutTrustedProxies = options.TrustedProxies.IsEmpty,
        Clusters = options.Listen.Proxy == "off" ? null : [.. options.Clusters.Keys],
        FetchHosts = [.. options.FetchAllowedHosts],
        ReferenceEnvironment = [.. options.ReferenceEnvironment],
        ReferenceFiles = [.. options.ReferenceFiles],
    };
}
