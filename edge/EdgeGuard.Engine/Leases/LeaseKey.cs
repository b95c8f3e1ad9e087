using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Leases;

/// <summary>
/// What a key of a fleet-wide budget is called everywhere: HMAC-SHA256 under the fleet's salt of what is counted and the values that it is counted by. The
/// same at every edge, and without the salt nothing can be told from it.
/// </summary>
public readonly record struct LeaseKey(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 32;

    /// <summary>Of 32 bytes.</summary>
    public static LeaseKey Of(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<LeaseKey>(bytes);

    /// <summary>Of 64 lower-case hex digits; false for anything else.</summary>
    public static bool TryParse(string text, out LeaseKey key)
    {
        key = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: Size * 2 }
            || text.AsSpan().ContainsAnyInRange('A', 'F')
            || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        key = Of(bytes);
        return true;
    }

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString()
    {
        var copy = this;
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(new Span<LeaseKey>(ref copy)));
    }
}
