using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Sync;

namespace EdgeGuard.Edge.Leases;

/// <summary>Reads signed lease documents: by this edge's keys, for this edge, of this type.</summary>
internal sealed class LeaseReader(SyncSettings settings, TimeProvider time)
{
    /// <summary>The document and who signed it, or why it cannot be believed.</summary>
    public (LeaseDocument? Document, DocumentHeader? Header, Diagnostic? Problem) Read(ReadOnlySpan<byte> compact)
    {
        if (compact.Length > LeaseLimits.MaxBodyBytes)
        {
            return (null, null, Malformed("a lease document is too large"));
        }

        var verified = settings.Verifier.Verify(compact, DocumentType.Lease, settings.EdgeId, time.GetUtcNow());
        if (verified.Problem is { } problem)
        {
            return (null, null, problem);
        }

        try
        {
            var document = JsonSerializer.Deserialize(verified.Payload, ContractsJson.Default.LeaseDocument);
            return LeaseDocumentCheck.IsSane(document) ? (document, verified.Header, null) : (null, null, Malformed("a lease document is out of bounds"));
        }
        catch (JsonException)
        {
            return (null, null, Malformed("a lease document cannot be read"));
        }
    }

    /// <summary>As the other, of an answer.</summary>
    public (LeaseDocument? Document, DocumentHeader? Header, Diagnostic? Problem) Read(string? compact) => Read(Encoding.ASCII.GetBytes(compact ?? string.Empty));

    private static Diagnostic Malformed(string message) => SyncProblem.Error(SyncCodes.Malformed, message, "use a control plane of this or the next release");
}
