using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.ControlPlane.Data;

namespace EdgeGuard.ControlPlane.Audit;

/// <summary>
/// The hash chain of the audit log, one an organization. Each hash covers the one before and every column of its row; the snapshot
/// by its digest, so that the chain can be checked without a data key and stays valid when a snapshot is re-encrypted or erased.
/// </summary>
internal static class AuditChain
{
    /// <summary>What the first row of an organization follows.</summary>
    public static string Start { get; } = new('0', 64);

    /// <summary>SHA-256 over length-prefixed fields, lower-case hex.</summary>
    public static string Hash(string previous, AuditRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, previous);
        Append(hash, row.OrganizationId);
        Append(hash, row.Sequence);
        Append(hash, row.At.ToUnixTimeMilliseconds());
        Append(hash, row.Actor);
        Append(hash, row.Action);
        Append(hash, row.Subject);
        Append(hash, row.SourceHash);
        Append(hash, row.SnapshotDigest);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Digest of a snapshot's text.</summary>
    public static string Digest(string snapshot) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(snapshot)));

    // Without the lengths, ("ab", "c") and ("a", "bc") would have one hash.
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
