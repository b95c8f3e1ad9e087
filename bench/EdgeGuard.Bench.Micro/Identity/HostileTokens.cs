using System.Globalization;
using System.Text;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Identity;
using EdgeGuard.Testing;
using EdgeGuard.Testing.Attacks;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>
/// What each hostile token of the attack suite takes to be refused, in microseconds of the process's processor time, none of them known from before. The fetch
/// that the first unknown key of ten seconds causes is not counted: it is the issuer's time, and once for all tokens.
/// </summary>
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
        var unknown = headers[Array.FindIndex([.. TokenAttacks.All], attack => attack.Failure == "unknown_key")];
        var times = headers.Select(_ => new double[Rounds]).ToArray();
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            time.Advance(Step);
            await verifier.VerifyAsync(unknown, CancellationToken.None);
            for (var i = 0; i < headers.Length; i++)
            {
                var before = Environment.CpuUsage.TotalTime;
                await verifier.VerifyAsync(headers[i], CancellationToken.None);
                times[i][Math.Max(0, round)] = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
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
