using System.Security.Cryptography;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Signing;

/// <summary>
/// Keeps old documents out: a correctly signed one is still refused when it does not lie above the newest accepted one. Epochs let a
/// restored control plane go on: it raises the epoch, and its sequence may start again.
/// </summary>
public static class RollbackGuard
{
    /// <summary>Compares a verified document with the newest accepted one of its type.</summary>
    /// <param name="mark">The newest accepted; <see cref="HighWaterMark.None"/> when there is none.</param>
    /// <param name="acceptedDigest">SHA-256 of the payload of the newest accepted, or empty when it is not known any more: then an equal
    /// mark counts as the same document, because only a holder of the key could have made another.</param>
    /// <param name="header">Header of the document, verified.</param>
    /// <param name="digest">SHA-256 of its payload.</param>
    public static RollbackResult Check(HighWaterMark mark, ReadOnlySpan<byte> acceptedDigest, DocumentHeader header, ReadOnlySpan<byte> digest)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (string.IsNullOrEmpty(mark.Lineage))
        {
            return new RollbackResult(RollbackVerdict.Newer, MarkOf(header), null);
        }

        if (!string.Equals(mark.Lineage, header.Issuer, StringComparison.Ordinal))
        {
            return Refuse(
                mark,
                SigningCodes.LineageChanged,
                $"the document comes from '{Show(header.Issuer)}', but this edge follows '{Show(mark.Lineage)}'",
                "if the change is meant, give the edge a new state directory or register it again");
        }

        if (header.Epoch < mark.Epoch)
        {
            return Refuse(
                mark,
                SigningCodes.EpochBelow,
                $"the document is of epoch {header.Epoch}, but epoch {mark.Epoch} was accepted before",
                "a control plane restored from a backup has to raise its epoch");
        }

        if (mark.IsBelow(header.Epoch, header.Sequence))
        {
            return new RollbackResult(RollbackVerdict.Newer, MarkOf(header), null);
        }

        if (!mark.Equals(header.Epoch, header.Sequence))
        {
            return Refuse(
                mark,
                SigningCodes.SequenceNotAbove,
                $"the document has number {header.Sequence}, but number {mark.Sequence} was accepted before",
                "publish the older content as a new version");
        }

        return acceptedDigest.IsEmpty || CryptographicOperations.FixedTimeEquals(acceptedDigest, digest)
            ? new RollbackResult(RollbackVerdict.Same, mark, null)
            : Refuse(
                mark,
                SigningCodes.SameMarkOtherContent,
                $"another document with the same number {header.Sequence} was accepted before",
                "give every content its own version");
    }

    private static HighWaterMark MarkOf(DocumentHeader header) => new(header.Issuer, header.Epoch, header.Sequence);

    private static RollbackResult Refuse(HighWaterMark mark, string code, string message, string fix) =>
        new(RollbackVerdict.Refused, mark, new Diagnostic(code, Severity.Error, SourceLocation.None, string.Empty, message, fix));

    private static string Show(string text) => Reading.ReadSession.Shorten(text);
}
