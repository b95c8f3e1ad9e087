using System.Diagnostics;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Agents;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>
/// Verifications of what is not remembered, per second of processor time: on a busy machine the clock counts what others do, and `openssl speed` does not either.
/// </summary>
internal static class ColdVerification
{
    private const int Tokens = 200;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    /// <summary>Whole tokens: reading, rules, key, signature, claims.</summary>
    public static async Task<double> OfTokensAsync(string algorithm)
    {
        var signer = TokenSigner.Create(algorithm);
        var headers = Enumerable.Range(0, Tokens).Select(signer.Bearer).ToArray();
        using var http = new SocketsHttpHandler();

        // Room for four: of two hundred in turn none is found again.
        await using var verifier = new TokenVerifier(new IdentityOptions { CacheEntries = 4 }, http, TimeProvider.System);
        verifier.UseIssuers([signer.Issuer]);
        await RunAsync(verifier, headers, Warmup);
        var rate = await RunAsync(verifier, headers, Measured);
        return verifier.Counters.CacheHits == 0 ? rate : throw new InvalidOperationException("Remembered tokens were measured.");
    }

    /// <summary>HMAC-SHA256 of 256 bytes, as agents and webhooks are verified.</summary>
    public static double OfHmac()
    {
        var key = HmacKey.Of("base64:" + Convert.ToBase64String(new byte[32]))!;
        var data = new byte[256];
        var signature = System.Security.Cryptography.HMACSHA256.HashData(new byte[32], data);
        Run(key, data, signature, Warmup);
        return Run(key, data, signature, Measured);
    }

    private static async Task<double> RunAsync(TokenVerifier verifier, string[] headers, TimeSpan duration)
    {
        var begun = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        long done = 0;
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            foreach (var header in headers)
            {
                var credential = await verifier.VerifyAsync(header, CancellationToken.None);
                if (credential.Outcome != CredentialOutcome.Verified)
                {
                    throw new InvalidOperationException("The token to measure was refused: " + credential.Failure);
                }
            }

            done += headers.Length;
        }

        return done / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static double Run(HmacKey key, byte[] data, byte[] signature, TimeSpan duration)
    {
        const int Batch = 1000;
        var begun = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        long done = 0;
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            for (var i = 0; i < Batch; i++)
            {
                if (!key.Verifies(data, signature))
                {
                    throw new InvalidOperationException("The signature to measure was refused.");
                }
            }

            done += Batch;
        }

        return done / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
