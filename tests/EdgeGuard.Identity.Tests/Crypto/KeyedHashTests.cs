using EdgeGuard.Identity.Crypto;

namespace EdgeGuard.Identity.Tests.Crypto;

public sealed class KeyedHashTests
{
    private readonly KeyedHash _hash = new();

    [Fact]
    public void Of_EveryLengthAndEveryCharacter_DependsOnAll()
    {
        for (var length = 0; length <= 100; length++)
        {
            var text = new char[length];
            Array.Fill(text, 'a');
            var seen = new HashSet<ulong> { _hash.Of(text) };
            Assert.Contains(_hash.Of(text.ToArray()), seen);
            for (var i = 0; i < length; i++)
            {
                text[i] = 'b';
                Assert.True(seen.Add(_hash.Of(text)), $"character {i} of {length} makes no difference");
                text[i] = 'a';
            }

            Assert.True(seen.Add(_hash.Of([.. text, '\0'])), $"a NUL after {length} makes no difference");
        }
    }

    [Fact]
    public void Of_OtherKey_IsAnother() => Assert.NotEqual(_hash.Of("Bearer a"), new KeyedHash().Of("Bearer a"));

    [Fact]
    public void Of_TextsThatCountUp_SpreadOverATable()
    {
        // 64 times as many as places: with a good hash a place gets 64 give or take some 8; far beyond ten times that it would not be one.
        var places = new int[1024];
        for (var i = 0; i < 64 * places.Length; i++)
        {
            places[_hash.Of($"Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.{i:d64}") & (uint)(places.Length - 1)]++;
        }

        Assert.All(places, count => Assert.InRange(count, 1, 200));
    }
}
