using System.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>
/// Verifications of what is not remembered, per second of this process's processor time: on a busy machine the clock counts what others do, and
/// <c>openssl speed</c> does not count it either.
/// </summary>
internal static class ColdVerification
{
    // Under way at one time, as with that many connections: waking a sleeping thread for each alone would be measured otherwise.
    private const int Together = 20;

    /// <summary>Runs rounds until a time is over. A verifier for each: it remembers what passed, and nothing here is to be found again.</summary>
    public static async Task<double> PerSecondAsync(ColdScenario scenario, TimeSpan duration)
    {
        var begun = Stopwatch.GetTimestamp();
        var used = TimeSpan.Zero;
        long done = 0;
        using var http = new SocketsHttpHandler();
        var pending = new Task<Caller>?[Together];
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            await using var verifier = new CallerVerifier(new IdentityOptions(), http, TimeProvider.System);
            verifier.Use(scenario.Sources);
            await PrepareAsync(verifier, scenario);
            var hits = verifier.Tokens.Counters.CacheHits;
            var before = Environment.CpuUsage.TotalTime;
            foreach (var together in scenario.Requests.Chunk(Together))
            {
                for (var i = 0; i < together.Length; i++)
                {
                    var verified = verifier.VerifyAsync(together[i], scenario.Kind, CancellationToken.None);
                    pending[i] = verified.IsCompletedSuccessfully ? null : verified.AsTask();
                    if (verified.IsCompletedSuccessfully)
                    {
                        Require(verified.Result, scenario.Kind);
                    }
                }

                for (var i = 0; i < together.Length; i++)
                {
                    if (pending[i] is { } later)
                    {
                        Require(await later, scenario.Kind);
                    }
                }
            }

            used += Environment.CpuUsage.TotalTime - before;
            done += scenario.Requests.Length;
            if (verifier.Tokens.Counters.CacheHits != hits + (scenario.SharesToken ? scenario.Requests.Length : 0))
            {
                throw new InvalidOperationException("Tokens were remembered that should not be, or the other way round.");
            }
        }

        return done / used.TotalSeconds;
    }

    // What is verified while the first keys come in is forgotten when they are there, so one verification is not enough.
    private static async Task PrepareAsync(CallerVerifier verifier, ColdScenario scenario)
    {
        while (scenario.Before is { } request && verifier.Tokens.Counters.CacheHits == 0)
        {
            await verifier.VerifyAsync(request, scenario.Kind, CancellationToken.None);
        }
    }

    private static void Require(Caller caller, CredentialKinds kind)
    {
        var credential = kind switch { CredentialKinds.Jwt => caller.Token, CredentialKinds.ApiKey => caller.Key, _ => caller.Agent };
        if (credential?.Outcome != CredentialOutcome.Verified)
        {
            throw new InvalidOperationException("The credential to measure was refused: " + credential?.Failure);
        }
    }
}
