using System.Globalization;
using System.Net;
using EdgeGuard.Identity.Tokens;
using EdgeGuard.Testing;
using EdgeGuard.Testing.Attacks;

namespace EdgeGuard.Identity.Tests.Attacks;

/// <summary>
/// What a hostile token may cost, told in what drives time and not in time: bytes that are read, objects that are made, signatures that are checked.
/// These are the same on every machine; docs/identity/jwt.md states them.
/// </summary>
public sealed class AttackCostTests(AttackFixture fixture) : IClassFixture<AttackFixture>
{
    /// <summary>
    /// Some 560 bytes for each of the 400 members and items that are read at most: its text, its path, and its places in what is looked up afterwards, whose sizes
    /// depend on the process a little. That is more than the token itself, decoded and as text, ever takes.
    /// </summary>
    private const long MostAllocated = 256 * 1024;

    [Fact]
    public void Attacks_OneByOne_AllocateNoMoreThanTheBound()
    {
        var dearest = (Bytes: 0L, Name: string.Empty);
        foreach (var attack in TokenAttacks.All)
        {
            var header = attack.Header(fixture.Scene);
            var request = new FakeRequest(("Authorization", header)) { ClientAddress = null };
            var bytes = Allocations.Least(() => Verify(request), rounds: 4);

            // What is checked on another thread has been read there; reading is counted here.
            if (BearerHeader.TryGetToken(header, IssuerSet.DefaultMaxToken, out var found, out _))
            {
                var token = found.ToString();
                bytes += Allocations.Least(() => TokenParser.Parse(token, requireSignature: true), rounds: 4);
            }

            dearest = bytes > dearest.Bytes ? (bytes, attack.Name) : dearest;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"the dearest of {TokenAttacks.All.Length}: {dearest.Name} with {dearest.Bytes} bytes");
        Assert.True(dearest.Bytes <= MostAllocated, $"{dearest.Name}: {dearest.Bytes} bytes");
    }

    [Fact]
    public async Task Attacks_OneByOne_CostOneSignatureCheckAtMostAndNoneUnlessThatIsWhatTheyFail()
    {
        // A verifier of its own: what another test has sent is known to the shared one, and what is known is not checked again.
        await using var fresh = new AttackFixture();
        await fresh.InitializeAsync();
        var charged = 0;
        for (var i = 0; i < TokenAttacks.All.Length; i++)
        {
            // Each comes from a client of its own, who may fail twice and is forgiven nothing: what is charged is what was checked.
            var attack = TokenAttacks.All[i];
            var client = new IPAddress([10, 0, (byte)(i >> 8), (byte)i]);
            var request = new FakeRequest(("Authorization", attack.Header(fresh.Scene))) { ClientAddress = client };
            var result = await fresh.Verifier.VerifyAsync(request, CancellationToken.None).AsTask().Within("verification");
            Assert.Equal((attack.Name, attack.Failure), (attack.Name, result.Failure));
            Assert.False(fresh.Failures.IsExhausted(client), attack.Name);

            fresh.Failures.Charge(client);
            var wasChecked = fresh.Failures.IsExhausted(client);
            Assert.True(!wasChecked || attack.Failure == TokenFailures.BadSignature, attack.Name);
            charged += wasChecked ? 1 : 0;
        }

        // Those that send one and the same token again are known by then.
        Assert.InRange(charged, 20, TokenAttacks.All.Count(attack => attack.Failure == TokenFailures.BadSignature));
    }

    // Of the longest token that is read: what each character costs is bounded, whatever they say.
    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":1},")]
    [InlineData("1,")]
    [InlineData("\"\\u0061\",")]
    [InlineData("1e308,")]
    [InlineData(" ")]
    [InlineData("\\")]
    public void Payload_OfOneThingOverAndOver_CostsNoMoreThanTheBound(string part)
    {
        foreach (var start in (string[])["", "[", "{\"a\":[", "{\"a\":\"", "{\"a\":1,\"a\":["])
        {
            var payload = start + string.Concat(Enumerable.Repeat(part, 5800 / part.Length));
            var token = $"{AttackScene.Encode("{\"alg\":\"RS256\"}")}.{AttackScene.Encode(payload)}.AAAA";

            var bytes = Allocations.Least(() => TokenParser.Parse(token, requireSignature: true), rounds: 4);
            Assert.True(bytes <= MostAllocated, $"{bytes} bytes for {start}{part}");
        }
    }

    // Different from each other, so that nothing of one serves another: as many as fit into the longest token, or as are read at all.
    [Theory]
    [InlineData("{{\"a\":[{0}]}}", "{0}")]
    [InlineData("{{\"a\":[{0}]}}", "\"{0}\"")]
    [InlineData("{{\"a\":[{0}]}}", "{0}e9")]
    [InlineData("{{\"a\":[{0}]}}", "{{\"{0}\":1}}")]
    [InlineData("{{{0}}}", "\"{0}\":1")]
    [InlineData("{{{0}}}", "\"{0}\":[1]")]
    [InlineData("{{{0}}}", "\"{0}\":{{}}")]
    [InlineData("{{{0}}}", "\"{0}\":[1,2,3,4]")]
    [InlineData("{{{0}}}", "\"{0}\":[]")]
    [InlineData("{{{0}}}", "\"{0}\":\"{0}\"")]
    [InlineData("{{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":{{{0}}}}}", "\"{0}\":1")]
    [InlineData("{{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":{{{0}}}}}", "\"{0}\":1")]
    public void Payload_OfManyDifferentThings_CostsNoMoreThanTheBound(string whole, string part)
    {
        foreach (var count in (int[])[100, 128, 133, 200, 250, 300, 400, 500, 1100])
        {
            var parts = string.Join(',', Enumerable.Range(0, count).Select(i => string.Format(CultureInfo.InvariantCulture, part, i)));
            var payload = string.Format(CultureInfo.InvariantCulture, whole, parts);
            var token = $"{AttackScene.Encode("{\"alg\":\"RS256\"}")}.{AttackScene.Encode(payload)}.AAAA";
            if (token.Length > IssuerSet.DefaultMaxToken)
            {
                continue;
            }

            var bytes = Allocations.Least(() => TokenParser.Parse(token, requireSignature: true), rounds: 10);
            TestContext.Current.TestOutputHelper?.WriteLine($"{count}: {bytes} bytes");
            Assert.True(bytes <= MostAllocated, $"{bytes} bytes for {count} of {part}");
        }
    }

    // Nothing of it is copied, let alone decoded: what is left is the refusal itself.
    [Theory]
    [InlineData(IssuerSet.DefaultMaxToken + 1)]
    [InlineData(30_000)]
    [InlineData(1_000_000)]
    public async Task Token_ThatIsTooLong_CostsAlmostNoMemory(int length)
    {
        var third = new string('A', (length - 2) / 3);
        string[] headers = [$"Bearer {third}.{third}.{third}AA", "Bearer " + new string('A', length), $"Bearer {new string(' ', length)}{third}.x.x"];
        foreach (var header in headers)
        {
            var request = new FakeRequest(("Authorization", header)) { ClientAddress = null };
            Assert.Equal(TokenFailures.TooLarge, (await fixture.Verifier.VerifyAsync(request, CancellationToken.None)).Failure);

            var bytes = Allocations.Least(() => Verify(request));
            Assert.True(bytes <= 1024, $"{bytes} bytes for a header of {header.Length} characters");
        }
    }

    private void Verify(FakeRequest request) => _ = fixture.Verifier.VerifyAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
