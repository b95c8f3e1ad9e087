using System.Text.Json;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// The whole set of revocations. This edge does not enforce revocations yet, so it accepts and keeps the empty set only and refuses any
/// other, loudly: an edge must not acknowledge what it does not do.
/// </summary>
internal sealed class RevocationSet(SyncSettings settings, StateDirectory state, DirectiveKeeper keeper, TimeProvider time)
{
    private byte[] _digest = [];

    /// <summary>Takes a set from the stream.</summary>
    /// <returns>Null when it was accepted and will be acknowledged once kept, or the refusal.</returns>
    public Ack? Apply(byte[] document)
    {
        var set = VerifiedSet.Verify(
            settings, DocumentType.Revocations, document, state.HighWater(DocumentType.Revocations), _digest, time.GetUtcNow());
        var problem = set.Problem ?? (IsEmpty(set.Payload)
            ? null
            : SyncProblem.Error(
                SyncCodes.NotSupported, "the set of revocations is not empty, and this edge cannot enforce revocations yet",
                "block the credential with a kill switch, or use a release of the edge that enforces revocations"));
        if (problem is not null)
        {
            return new Ack(StreamEvents.Revocations, set.Header?.Epoch ?? 0, set.Header?.Sequence ?? 0, Ack.Refused, Acks.Texts([problem]));
        }

        _digest = set.Digest;
        keeper.Keep(new KeptDirective(
            StateFiles.Revocations, DocumentType.Revocations, document, set.Mark,
            new Ack(StreamEvents.Revocations, set.Mark.Epoch, set.Mark.Sequence, Ack.Applied, [])));
        return null;
    }

    private static bool IsEmpty(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.ValueKind == JsonValueKind.Object &&
                document.RootElement.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() == 0);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
