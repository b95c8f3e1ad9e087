using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Bench.Load.Requests;

/// <summary>Makes a key and tokens signed with it: <c>jwks.json</c> for the server, <c>tokens.txt</c> for the generator.</summary>
internal static class TokenCommand
{
    public const string Issuer = "https://login.example";
    public const string Audience = "bench";

    public static int Run(string folder, int count, TimeProvider time)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "jwks.json"), KeySet(key) + "\n");
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        using StreamWriter tokens = new(Path.Combine(folder, "tokens.txt"));
        for (int i = 0; i < count; i++)
        {
            tokens.Write(Sign(key, i, now));
            tokens.Write('\n');
        }

        return 0;
    }

    public static string KeySet(ECDsa key)
    {
        ECParameters point = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"bench","x":"{{Base64Url.EncodeToString(point.Q.X)}}","y":"{{Base64Url.EncodeToString(point.Q.Y)}}"}]}""";
    }

    /// <param name="key">A P-256 key.</param>
    /// <param name="number">Makes the token's subject its own.</param>
    /// <param name="now">Seconds of Unix time; the token is good for a day.</param>
    public static string Sign(ECDsa key, int number, long now)
    {
        string claims = string.Create(CultureInfo.InvariantCulture, $$"""{"iss":"{{Issuer}}","aud":"{{Audience}}","sub":"user-{{number}}","org":"org-{{number % 1000}}","plan":"pro","iat":{{now}},"exp":{{now + 86_400}}}""");
        string signed = Base64Url.EncodeToString("""{"alg":"ES256","typ":"JWT","kid":"bench"}"""u8) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        byte[] signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return signed + "." + Base64Url.EncodeToString(signature);
    }
}
