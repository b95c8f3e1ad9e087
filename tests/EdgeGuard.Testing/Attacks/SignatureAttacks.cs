using System.Numerics;
using System.Text.Json.Nodes;

namespace EdgeGuard.Testing.Attacks;

/// <summary>Signatures that are no signatures: zeros, other forms, other lengths, other tokens' ones.</summary>
internal static class SignatureAttacks
{
    // The order of P-256 and of edwards25519.
    private static readonly byte[] OrderP256 = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    private static readonly BigInteger OrderEd25519 = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);

    public static IEnumerable<TokenAttack> All =>
    [
        Bad("ES256 of zeros", "ec-1", _ => new byte[64]),
        Bad("ES256 with r 0 and s 1", "ec-1", _ => [.. new byte[63], 1]),
        Bad("ES256 with r and s the order", "ec-1", _ => [.. OrderP256, .. OrderP256]),
        Bad("ES256 with r and s swapped", "ec-1", good => [.. good[32..], .. good[..32]]),
        Bad("ES256 in DER", "ec-1", Der),
        Bad("ES256 with a byte more", "ec-1", good => [.. good, 0]),
        Bad("ES256 with a byte less", "ec-1", good => good[1..]),
        Bad("ES384 of zeros", "ec384", _ => new byte[96]),
        Bad("EdDSA of zeros", "ed-1", _ => new byte[64]),
        Bad("EdDSA with S and the order", "ed-1", WithOrder),
        Bad("EdDSA with R of small order", "ed-1", good => [1, .. new byte[31], .. good[32..]]),
        Bad("EdDSA with a byte more", "ed-1", good => [.. good, 0]),
        Bad("RS256 of zeros", "rsa-1", good => new byte[good.Length]),
        Bad("RS256 of ones", "rsa-1", good => [.. Enumerable.Repeat((byte)255, good.Length)]),
        Bad("RS256 of one", "rsa-1", good => [.. new byte[good.Length - 1], 1]),
        Bad("RS256 with a zero before", "rsa-1", good => [0, .. good]),
        Bad("RS256 with a byte less", "rsa-1", good => good[..^1]),
        Bad("RS256 of one byte", "rsa-1", _ => [1]),
        Bad("RS256 of 3000 bytes", "rsa-1", _ => new byte[3000]),
        Bad("RS256 with one bit changed", "rsa-1", good => [(byte)(good[0] ^ 1), .. good[1..]]),
        new("signature of another token", "bad_signature", scene => Swapped(scene, 2)),
        new("payload of another token", "bad_signature", scene => Swapped(scene, 1)),
        new("signature over the payload only", "bad_signature", PayloadOnly),
        new("claim added after signing", "bad_signature", Changed),
    ];

    private static TokenAttack Bad(string name, string key, Func<byte[], byte[]> change) =>
        new(name, "bad_signature", scene => scene.WithSignature(key, change));

    private static byte[] Der(byte[] good)
    {
        byte[] r = [0, .. good[..32]];
        byte[] s = [0, .. good[32..]];
        return [0x30, (byte)(r.Length + s.Length + 4), 2, (byte)r.Length, .. r, 2, (byte)s.Length, .. s];
    }

    private static byte[] WithOrder(byte[] good)
    {
        byte[] changed = [.. good];
        BigInteger s = new BigInteger(good.AsSpan(32), isUnsigned: true) + OrderEd25519;
        s.TryWriteBytes(changed.AsSpan(32), out _, isUnsigned: true);
        return changed;
    }

    private static string Swapped(AttackScene scene, int part)
    {
        string[] good = scene.Good().Split('.');
        good[part] = scene.With("sub", "root").Split('.')[part];
        return string.Join('.', good);
    }

    private static string PayloadOnly(AttackScene scene)
    {
        string[] good = scene.Good().Split('.');
        string signed = scene.Main.Key("rsa-1").SignText(good[1]);
        return $"{good[0]}.{signed}";
    }

    private static string Changed(AttackScene scene)
    {
        string[] good = scene.Good().Split('.');
        JsonObject claims = scene.Claims();
        claims["admin"] = true;
        return $"{good[0]}.{AttackScene.Encode(claims.ToJsonString())}.{good[2]}";
    }
}
