using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Doors;

/// <summary>The secret by which a gateway is known at the decision doors, if there is one.</summary>
internal sealed class DecisionSecret(EdgeOptions options)
{
    /// <summary>Header that carries it.</summary>
    public const string Header = "X-EdgeGuard-Decision-Secret";

    private const int StackBytes = 512;

    // Compared by hash, so that neither time nor length tells anything of the secret.
    private readonly byte[]? _secret = options.DecisionSharedSecret is { } secret ? SHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal())) : null;

    /// <summary>Whether a request comes from somebody who knows it.</summary>
    public bool IsKnown<THead>(in THead head)
        where THead : IRequestHead
    {
        if (_secret is null)
        {
            return true;
        }

        if (head.CountOf(Header) != 1)
        {
            return false;
        }

        var presented = head.LineOf(Header, 0);
        var length = Encoding.UTF8.GetByteCount(presented);
        var bytes = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        Encoding.UTF8.GetBytes(presented, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        return CryptographicOperations.FixedTimeEquals(hash, _secret);
    }
}
