using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>
/// A number for spreading Retry-After: the same for the same client and rule, so that a client cannot ask again until it likes the answer, and
/// not to be guessed from outside. Keyed by a secret of this process.
/// </summary>
internal sealed class ClientJitter
{
    /// <summary>Enough identity to tell clients apart; what is longer is cut, which only costs spread.</summary>
    private const int MaxIdentityBytes = 512;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>The number for a client, known by its facts and its connection's peer.</summary>
    public uint Of(IPAddress? peer, FactPlan plan, FactSet facts, in Decision decision)
    {
        Span<byte> identity = stackalloc byte[MaxIdentityBytes];
        BinaryPrimitives.WriteInt32LittleEndian(identity, decision.Rule);
        BinaryPrimitives.WriteInt32LittleEndian(identity[4..], decision.KillSwitch);
        var used = 8;
        if (peer is not null && TrustedProxies.Unmapped(peer).TryWriteBytes(identity[used..], out var written))
        {
            used += written;
        }

        for (var slot = 0; slot < facts.Count; slot++)
        {
            if (SaysWhoAsks(plan.Slots[slot].Kind))
            {
                var value = facts.ValueOf(slot);
                value = value[..Math.Min(value.Length, identity.Length - used)];
                value.CopyTo(identity[used..]);
                used += value.Length;
            }
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, identity[..used], hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash);
    }

    // What is asked for changes from request to request; a client could try targets until it likes the answer.
    private static bool SaysWhoAsks(DescriptorKind kind) =>
        kind is not (DescriptorKind.Query or DescriptorKind.PathSegment or DescriptorKind.Method or DescriptorKind.Host);
}
