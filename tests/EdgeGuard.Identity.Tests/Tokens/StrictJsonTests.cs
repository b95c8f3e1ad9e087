using System.Text;
using EdgeGuard.Identity.Tokens;

namespace EdgeGuard.Identity.Tests.Tokens;

/// <summary>Objects of all sizes: small ones are compared name by name, larger ones by a set.</summary>
public sealed class StrictJsonTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    public void Read_NameTwiceAtAnyPlace_IsFound(int names)
    {
        var all = Enumerable.Range(0, names).Select(i => $"\"n{i}\":{{\"n{(i + 1) % names}\":[{{\"n{i}\":1}}]}}").ToList();
        Assert.Null(Read(all, out var claims));
        Assert.Empty(claims.Lists);

        for (var place = 0; place <= names; place++)
        {
            for (var twice = 0; twice < names; twice++)
            {
                List<string> spoiled = [.. all];
                spoiled.Insert(place, $"\"n{twice}\":2");
                Assert.Equal(TokenFailures.Duplicate, Read(spoiled, out _));
            }
        }
    }

    [Fact]
    public void Read_SameNameInAnObjectAndInThoseAroundIt_IsNoDuplicate()
    {
        Assert.Null(Read(["\"a\":{\"a\":{\"a\":1}}", "\"b\":{\"a\":2,\"b\":3}"], out var claims));
        Assert.Equal(["a.a.a=1", "b.a=2", "b.b=3"], claims.Values.Select(claim => $"{claim.Key}={claim.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(130)]
    public void Finish_ManyClaims_KeepsEachByItsPathAndTheShorterOfTwo(int count)
    {
        List<string> members = [.. Enumerable.Range(0, count).Select(i => $"\"c{i}\":{{\"x\":{i}}}"), .. Enumerable.Range(0, count).Select(i => $"\"c{i}.x\":\"exact {i}\"")];
        Assert.Null(Read(members, out var claims));

        Assert.Equal(count, claims.Values.Count);
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal($"exact {i}", claims.Values[$"c{i}.x"]));
    }

    // What costs more counts as several: a list as four, a path as one more for each 64 characters.
    [Theory]
    [InlineData("\"c{0}\":1", 400)]
    [InlineData("\"c{0}\":[]", 100)]
    [InlineData("\"c{0}\":[1,2,3,4]", 50)]
    [InlineData("\"c{0}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1", 200)]
    public void Read_OfMoreThanIsRead_IsRefused(string member, int most)
    {
        var members = Enumerable.Range(0, most + 1).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, member, i)).ToList();

        Assert.Null(Read(members.Take(most), out _));
        Assert.Equal(TokenFailures.TooLarge, Read(members, out _));
    }

    private static string? Read(IEnumerable<string> members, out TokenClaims claims)
    {
        var collector = new ClaimCollector();
        var failure = StrictJson.Read(Encoding.UTF8.GetBytes("{" + string.Join(',', members) + "}"), static (_, _) => { }, collector);
        claims = collector.Finish();
        return failure;
    }
}
