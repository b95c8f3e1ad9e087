using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Identity;
using EdgeGuard.Testing;
using EdgeGuard.Testing.Attacks;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>What each hostile token of the attack suite takes to be refused, in microseconds, none of them known from before.</summary>
internal static class HostileTokens
{
    private const int Rounds = 41;
    private const int WarmUpRounds = 20;

    // Longer than a bad signature is remembered, so that each is checked anew.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(6);

    /// <summary>Prints the slowest ones, and as its last line one JSON object.</summary>
    public static async Task RunAsync()
    {
        var time = new TestTimeProvider();
        await using var scene = await AttackScene.StartAsync(time);
        await using var verifier = new TokenVerifier(new IdentityOptions { FetchHosts = ["127.0.0.1"], FailureBurst = 0 }, new SocketsHttpHandler(), time);
        var bundle = $"format: edgeguard/v1\nbundle_version: 1\nissuers:\n{scene.Issuers}\npolicies: []\n";
        verifier.UseIssuers(BundleReader.Read(Encoding.UTF8.GetBytes(bundle), "attacks.yaml", ValidationContext.Unknown).Document!.Issuers);
        await verifier.VerifyAsync("Bearer " + scene.Good(), CancellationToken.None);

        var headers = TokenAttacks.All.Select(attack => attack.Header(scene)).ToArray();
        var times = headers.Select(_ => new double[Rounds]).ToArray();
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            time.Advance(Step);
            for (var i = 0; i < headers.Length; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                await verifier.VerifyAsync(headers[i], CancellationToken.None);
                times[i][Math.Max(0, round)] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
            }
        }

        var medians = times.Select((of, index) => (TokenAttacks.All[index].Name, Microseconds: of.Order().ElementAt(Rounds / 2))).OrderByDescending(one => one.Microseconds).ToArray();
        foreach (var (name, microseconds) in medians.Take(5))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{microseconds,8:0.0} us  {name}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"hostile_tokens\": {medians.Length}, \"hostile_slowest_us\": {medians[0].Microseconds:0.0}, \"hostile_median_us\": {medians[medians.Length / 2].Microseconds:0.0}}}"));
    }
}
