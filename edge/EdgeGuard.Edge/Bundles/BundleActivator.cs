using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Edge.Fuse;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Llm;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Identity;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>The one way a bundle comes into force, whatever it came from. Bad input never changes what is in force.</summary>
internal sealed class BundleActivator(
    EdgeOptions options,
    BundlePreparation preparation,
    ReferenceResolver references,
    StateDirectory state,
    SnapshotHolder holder,
    Lazy<CallerVerifier> callers,
    BundleStatus status,
    BundleMetrics metrics,
    FactSources sources,
    ProviderKeys keys,
    FuseGuard fuse,
    EdgeClock clock,
    ILogger<BundleActivator> logger)
{
    /// <summary>Origin of the bundle kept in the state directory.</summary>
    public const string LastGood = "last-good";

    private readonly Lock _gate = new();
    private IdentitySources _sources = IdentitySources.None;

    /// <summary>Verifies, builds, swaps and keeps a bundle, or changes nothing and says why. One at a time.</summary>
    /// <param name="document">The bytes as received: JWS, or another form where the options accept it.</param>
    /// <param name="origin">Where it came from, for status: <c>file</c>, <c>control-plane</c> or <c>last-good</c>.</param>
    public ActivationResult Activate(ReadOnlyMemory<byte> document, string origin)
    {
        lock (_gate)
        {
            var before = status.Active;
            var result = TryActivate(document, origin);
            status.Attempted(new ActivationAttempt(clock.UtcNow, origin, result));
            metrics.Count(result, unchanged: result.Applied && ReferenceEquals(before, status.Active));
            Report(result, origin, changed: !ReferenceEquals(before, status.Active));
            return result;
        }
    }

    /// <summary>Puts the bundle of the state directory in force; null when there is none.</summary>
    public ActivationResult? ActivateLastGood() =>
        state.Read(StateFiles.LastGoodBundle) is { Length: > 0 } document ? Activate(document, LastGood) : null;

    /// <summary>Raised after a bundle was taken back, with what it is refused for; on the thread that did it.</summary>
    public event EventHandler<RevertedEventArgs>? Reverted;

    /// <summary>Takes the watched bundle back: the one before is in force again, now and after a restart, and this one does not come again.</summary>
    public void Revert(FuseTrip trip)
    {
        ArgumentNullException.ThrowIfNull(trip);
        ActivationResult refused;
        lock (_gate)
        {
            // Another bundle may have come between the look and here.
            if (fuse.Fallback is not { } fallback || status.Active is not { } active || !string.Equals(active.Digest, trip.Digest, StringComparison.Ordinal))
            {
                return;
            }

            var reverted = new RevertedBundle(active.Digest, active.Version, active.Epoch, active.Sequence, fallback.Digest, trip.ToString());
            fuse.Set(reverted);
            var back = TryActivate(fallback.Document, LastGood);
            if (!back.Applied)
            {
                fuse.Set(RevertedBundle.None);
                Report(back, LastGood, changed: false);
                return;
            }

            KeepReverted(fallback);
            refused = new ActivationResult(false, active.Version, active.Digest, active.Epoch, active.Sequence, [FuseGuard.Problem(reverted)]);
            status.Attempted(new ActivationAttempt(clock.UtcNow, active.Origin, refused));
            ActivationLog.Reverted(logger, active.Version, active.Digest, reverted.Why, fallback.Version);
        }

        Reverted?.Invoke(this, new RevertedEventArgs(refused));
    }

    /// <summary>Why the fuse keeps a bundle out, or null.</summary>
    public Diagnostic? FuseRefusal(string digest) => fuse.RefusalOf(digest);

    private ActivationResult TryActivate(ReadOnlyMemory<byte> document, string origin)
    {
        // 1. The signature, before anything looks at what was signed. Then read, validate, compile, and run the bundle's own tests.
        var now = clock.UtcNow;
        var (_, _, verified, built) = preparation.Prepare(document, origin);
        if (built is not { } build)
        {
            return new ActivationResult(false, 0, string.Empty, 0, 0, [verified.Problem!]);
        }

        // 2. What it is.
        var candidate = CandidateOf(verified, build, origin, now);
        if (build.Policy is null || build.Document is null)
        {
            return Result(false, candidate, build.Diagnostics);
        }

        if (IsInForce(candidate))
        {
            return Result(true, candidate, build.Diagnostics);
        }

        // 3. What the fuse took back does not come again; nor what was in force before, or is older than what was ever in force; nor what has
        // expired. Only the bundle that the fuse went back to may lie below the newest one.
        if (origin != LastGood && fuse.RefusalOf(candidate.Digest) is { } reverted)
        {
            return Result(false, candidate, [reverted]);
        }

        var findings = build.Diagnostics.ToBuilder();
        var isBack = origin == LastGood && fuse.IsBack(candidate.Digest);
        var order = RollbackGuard.Check(state.HighWater(DocumentType.Bundle), DigestInForce(), HeaderOf(verified, candidate), DigestOf(candidate));
        if (order.Problem is not null && !isBack)
        {
            findings.Add(order.Problem);
        }

        ActivationChecks.Check(candidate, options, now, findings);
        ActivationChecks.CheckScopes(build.Policy, options, findings);

        // 4. References and the files they lead to, so that a bundle which cannot work here is refused as a whole.
        var who = references.Resolve(build.Document, findings);
        findings.AddRange(ReferencedFiles.Check(who, origin == LastGood ? Severity.Warning : Severity.Error));
        var providerKeys = references.ProviderKeys(build.Document, findings);
        if (findings.Any(finding => finding.Severity == Severity.Error))
        {
            return Result(false, candidate, findings.ToImmutable());
        }

        // 5. One swap. The callers of both bundles are known around it, so that no request meets a policy without its callers.
        keys.Keep(build.Policy, providerKeys);
        Use(who.Union(_sources));
        holder.Update(snapshot => snapshot.WithPolicy(build.Policy));
        Use(who);
        _sources = who;
        findings.AddRange(sources.Warnings(holder.Current.Facts));

        // 6. Kept for the next start: first the bundle, then the mark, so that a mark never stands above what can be loaded. Told only then: who
        // hears that a bundle is in force may count on it after a crash, too.
        var before = status.Active;
        var documentBefore = before is not null && build.Document.Fuse is not null && origin != LastGood ? state.Read(StateFiles.LastGoodBundle) : null;
        Keep(document, origin, order.Mark, findings);
        status.Activated(candidate);
        Watch(before, documentBefore, candidate, build.Document.Fuse, findings);
        return Result(true, candidate, findings.ToImmutable());
    }

    private void Watch(
        ActiveBundle? before, byte[]? documentBefore, ActiveBundle candidate, FuseDefinition? definition, ImmutableArray<Diagnostic>.Builder findings)
    {
        try
        {
            fuse.Activated(before, documentBefore, candidate, definition);
        }
        catch (StateException exception)
        {
            findings.Add(exception.Diagnostic with { Severity = Severity.Warning });
        }
    }

    private void KeepReverted(Fallback fallback)
    {
        try
        {
            // First what keeps the other one out: a crash between the two leaves a start with the bundle that was taken back, which is loud
            // and works, and never a start without one.
            fuse.Confirm();
            state.Write(StateFiles.LastGoodBundle, fallback.Document);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ActivationLog.NotKept(logger, fallback.Version, exception.GetType().Name);
        }
    }

    private void Use(IdentitySources who)
    {
        if (!who.IsEmpty || callers.IsValueCreated)
        {
            callers.Value.Use(who);
        }
    }

    private void Keep(
        ReadOnlyMemory<byte> document, string origin, HighWaterMark mark, ImmutableArray<Diagnostic>.Builder findings)
    {
        try
        {
            if (origin != LastGood)
            {
                state.Write(StateFiles.LastGoodBundle, document.Span);
            }

            state.RaiseHighWater(DocumentType.Bundle, mark);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            findings.Add(new Diagnostic(
                EdgeCodes.BundleNotKept,
                Severity.Warning,
                SourceLocation.None,
                string.Empty,
                $"the bundle is in force but could not be kept in the state directory: {exception.GetType().Name}",
                "make room in the state directory, or make it writable for the edge's user"));
        }
    }

    // The same content in the same order is the same bundle again: a file that was touched, an announcement repeated.
    private bool IsInForce(ActiveBundle candidate) =>
        status.Active is { } active
        && string.Equals(active.Digest, candidate.Digest, StringComparison.Ordinal)
        && (active.Version, active.Epoch, active.Sequence) == (candidate.Version, candidate.Epoch, candidate.Sequence);

    private void Report(ActivationResult result, string origin, bool changed)
    {
        if (!result.Applied)
        {
            foreach (var diagnostic in result.Diagnostics.Where(finding => finding.Severity == Severity.Error))
            {
                ActivationLog.Refused(logger, origin, diagnostic.Code, diagnostic.ToString());
            }
        }
        else if (changed)
        {
            ActivationLog.Activated(logger, result.Version, result.Digest, origin);
            foreach (var finding in result.Diagnostics.Where(warning => warning.Code is EdgeCodes.BundleExpired or EdgeCodes.FactWithoutSource or IdentityCodes.FileUnreadable or IdentityCodes.TrustFileUnusable or IdentityCodes.MalformedKeySet))
            {
                ActivationLog.InForceDespite(logger, origin, finding.Code, finding.ToString());
            }
        }
    }

    private static ActiveBundle CandidateOf(VerifiedBundle verified, BundleBuild build, string origin, DateTimeOffset now) => new(
        build.Document?.BundleVersion ?? 0,
        build.Digest,
        origin,
        verified.Form,
        verified.Header?.Epoch ?? 0,
        verified.Header?.Sequence ?? 0,
        now,
        Earlier(build.Document?.ExpiresAt, verified.Header?.ExpiresAt));

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right : left;

    private byte[] DigestInForce() => status.Active is { } active ? DigestOf(active) : [];

    private static byte[] DigestOf(ActiveBundle bundle) => Convert.FromHexString(bundle.Digest);

    // Documents without a header of their own are ordered by their version, each form as a lineage of its own.
    private static DocumentHeader HeaderOf(VerifiedBundle verified, ActiveBundle candidate) =>
        verified.Header
        ?? new DocumentHeader(DocumentType.Bundle, string.Empty, string.Empty, verified.Form, 0, candidate.Version, candidate.ActivatedAt, null);

    private static ActivationResult Result(bool applied, ActiveBundle candidate, ImmutableArray<Diagnostic> diagnostics) =>
        new(applied, candidate.Version, candidate.Digest, candidate.Epoch, candidate.Sequence, diagnostics);
}
