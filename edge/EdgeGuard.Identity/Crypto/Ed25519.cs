namespace EdgeGuard.Identity.Crypto;

/// <summary>
/// Ed25519 (RFC 8032 section 5.1, without prehash or context) by OpenSSL 3. Thread-safe. Ask <see cref="Problem"/> before a key is taken into use;
/// without the library nothing verifies.
/// </summary>
internal static class Ed25519
{
    /// <summary>Bytes of a public key, and of the seed that is the private one.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureSize = 64;

    // NID_ED25519 of OpenSSL's list of objects.
    private const int Type = 1087;

    private static readonly Lazy<string?> Probed = new(Probe);

    /// <summary>Why Ed25519 is not to be had on this machine, or null when it is.</summary>
    public static string? Problem => Probed.Value;

    /// <summary>Whether a signature fits. False for keys and signatures of a wrong length too; never throws.</summary>
    /// <param name="publicKey">The public key, 32 bytes, from a source that checked its point (<see cref="Bundles.Keys.PublicKeyReader"/>).</param>
    /// <param name="data">What was signed.</param>
    /// <param name="signature">The signature, 64 bytes. One whose S is not below the group's order is refused, so there is only one for each R.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        publicKey.Length == KeySize && signature.Length == SignatureSize && Problem is null && VerifyByLibrary(publicKey, data, signature);

    /// <summary>Signs with a seed of 32 bytes.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no Ed25519 on this machine.</exception>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> data)
    {
        var key = OpenPrivate(seed);
        var context = LibCrypto.NewContext();
        try
        {
            var signature = new byte[SignatureSize];
            var length = (nuint)SignatureSize;
            return LibCrypto.SignInit(context, 0, 0, 0, key) == 1 && LibCrypto.Sign(context, signature, ref length, data, (nuint)data.Length) == 1
                ? signature
                : throw new PlatformNotSupportedException("Ed25519 signing failed in libcrypto.");
        }
        finally
        {
            Free(context, key);
        }
    }

    /// <summary>The public key of a seed of 32 bytes.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no Ed25519 on this machine.</exception>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    public static byte[] GetPublicKey(ReadOnlySpan<byte> seed)
    {
        var key = OpenPrivate(seed);
        try
        {
            var bytes = new byte[KeySize];
            var length = (nuint)KeySize;
            return LibCrypto.GetRawPublicKey(key, bytes, ref length) == 1
                ? bytes
                : throw new PlatformNotSupportedException("Ed25519 keys cannot be read from libcrypto.");
        }
        finally
        {
            Free(0, key);
        }
    }

    private static nint OpenPrivate(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != KeySize)
        {
            throw new ArgumentException("An Ed25519 seed has 32 bytes.", nameof(seed));
        }

        return Problem is null ? LibCrypto.NewPrivateKey(Type, seed) : throw new PlatformNotSupportedException(Problem);
    }

    private static bool VerifyByLibrary(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var key = LibCrypto.NewPublicKey(Type, publicKey);
        var context = LibCrypto.NewContext();
        try
        {
            return key != 0
                && context != 0
                && LibCrypto.VerifyInit(context, 0, 0, 0, key) == 1
                && LibCrypto.Verify(context, signature, (nuint)signature.Length, data, (nuint)data.Length) == 1;
        }
        finally
        {
            Free(context, key);
        }
    }

    private static void Free(nint context, nint key)
    {
        LibCrypto.FreeContext(context);
        LibCrypto.FreeKey(key);
        LibCrypto.ClearErrors();
    }

    // A build without the curve, or one held to a standard that does not know it, is found out by RFC 8032's first example.
    private static string? Probe()
    {
        if (LibCrypto.Problem is { } missing)
        {
            return missing;
        }

        var publicKey = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        var signature = Convert.FromHexString(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        try
        {
            return VerifyByLibrary(publicKey, [], signature) ? null : "this libcrypto has no Ed25519";
        }
        catch (EntryPointNotFoundException)
        {
            return "this libcrypto lacks calls that Ed25519 needs";
        }
    }
}
