using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;
using EdgeGuard.Identity.Revocations;

namespace EdgeGuard.Edge.Sync;

/// <summary>The whole set of revocations that the control plane pushed; those of the bundle add to it.</summary>
internal sealed class RevocationSet(PushedSetContext context, RevocationList list)
    : PushedSet(StreamEvents.Revocations, StateFiles.Revocations, DocumentType.Revocations, context)
{
    // What control planes send that cannot revoke yet.
    private static ReadOnlySpan<byte> FormerEmptySet => """{"revocations":[]}"""u8;

    /// <inheritdoc />
    protected override (int Count, ImmutableArray<Diagnostic> Problems) Use(ReadOnlyMemory<byte> payload)
    {
        if (payload.Span.SequenceEqual(FormerEmptySet))
        {
            list.UsePushed(RevocationsDefinition.None);
            return (0, []);
        }

        var (revocations, problems) = BundleReader.ReadRevocations(payload, StateFiles.Revocations);
        if (!problems.Any(found => found.Severity == Severity.Error))
        {
            list.UsePushed(revocations);
        }

        return (revocations.TokensValidAfter.Length + revocations.TokenIds.Length, problems);
    }
}
