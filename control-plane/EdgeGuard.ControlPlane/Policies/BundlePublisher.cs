using System.Text.Json;
using EdgeGuard.Bundles.Diff;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Stream;
using EdgeGuard.Engine.Compile;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Policies;

/// <summary>Publishes bundles: what the compiler of the edge refuses, or what fails its own tests, never becomes a version.</summary>
internal sealed class BundlePublisher(
    Database database, Writer writer, BundleReaderService bundles, DirectiveLoader loader, DirectiveHub hub, TimeProvider time, ILogger<BundlePublisher> log)
{
    /// <summary>How often a push is rebuilt because another one came first.</summary>
    private const int MaxAttempts = 5;

    /// <summary>Publishes, or tries dry.</summary>
    public async Task<PublishOutcome> PublishAsync(Caller caller, PublishRequest request, CancellationToken cancellation)
    {
        var draft = BundleDraft.Read(request.Text, request.FileName);
        for (var attempt = 1; ; attempt++)
        {
            var (current, edges) = await PresentAsync(caller.OrganizationId, cancellation);
            var version = (current?.Row.Version ?? 0) + 1;
            if (request.ExpectedVersion is { } expected && expected != version - 1)
            {
                return new PublishOutcome { Moved = true, Version = version - 1 };
            }

            // Built outside the transaction: compiling and testing a large bundle takes seconds, and nobody should wait for it.
            var build = draft.Build(version, time.GetUtcNow());
            if (build.Policy is null || build.Document is null)
            {
                return new PublishOutcome { Refused = true, Diagnostics = build.Diagnostics };
            }

            var outcome = new PublishOutcome
            {
                Version = version,
                Digest = build.Digest,
                Changes = BundleDiff.Compare(current?.Document, build.Document),
                Diagnostics = build.Diagnostics,
                Edges = edges,
            };
            if (current is not null && string.Equals(current.Row.ContentDigest, draft.ContentDigest, StringComparison.Ordinal))
            {
                return outcome with { Row = current.Row, Version = current.Row.Version, Digest = current.Row.Digest, Changes = [] };
            }

            if (request.DryRun)
            {
                return outcome;
            }

            if (await StoreAsync(caller, request, draft, build, version, cancellation) is { } row)
            {
                return outcome with { Row = row, IsNew = true };
            }

            if (attempt == MaxAttempts)
            {
                return new PublishOutcome { Moved = true, Version = version };
            }
        }
    }

    private async Task<(CurrentBundle? Current, int Edges)> PresentAsync(string organizationId, CancellationToken cancellation)
    {
        await using var rows = database.Open(OrganizationScope.For(organizationId));
        return (await bundles.CurrentAsync(rows, cancellation), await rows.Edges.CountAsync(cancellation));
    }

    // Null when another push took the version meanwhile.
    private async Task<BundleVersionRow?> StoreAsync(
        Caller caller, PublishRequest request, BundleDraft draft, BundleBuild build, long version, CancellationToken cancellation)
    {
        var stored = await writer.WriteAsync(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            var present = await write.Rows.DirectiveSequences.AsNoTracking().SingleAsync(row => row.Kind == SequenceKinds.Bundles, token);
            if (present.Value != version - 1)
            {
                return ((BundleVersionRow Row, DirectiveState State)?)null;
            }

            var row = new BundleVersionRow
            {
                OrganizationId = write.OrganizationId,
                Version = await write.NextSequenceAsync(SequenceKinds.Bundles, token),
                Digest = build.Digest,
                ContentDigest = draft.ContentDigest,
                Document = build.CanonicalJson.ToArray(),
                AuthorId = caller.Credential.UserId ?? caller.Actor.Name,
                Message = request.Message,
                PublishedAt = write.Now,
                ExpiresAt = build.Document!.ExpiresAt,
            };
            write.Rows.BundleVersions.Add(row);
            write.Audit(AuditActions.BundlePublish, FormattableString.Invariant($"bundle:{version}"),
                version > 1 ? FormattableString.Invariant($$"""{"version":{{version - 1}}}""") : null,
                FormattableString.Invariant($$"""{"version":{{version}},"digest":"{{row.Digest}}","message":"{{JsonEncodedText.Encode(row.Message)}}"}"""));
            await write.Rows.SaveChangesAsync(token);
            return (row, await loader.LoadAsync(write.Rows, write.OrganizationId, token));
        }, cancellation);
        if (stored is not { } published)
        {
            return null;
        }

        var told = hub.Publish(published.State);
        ControlPlaneLog.BundlePublished(log, version, caller.OrganizationId, told);
        return published.Row;
    }
}
