using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Facts.Tokens;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Facts.Tokens;

/// <summary>Exact counts: against those of a real tokenizer where its vocabulary is at hand, and by a small one of our own.</summary>
public sealed class BpeTokenCounterTests
{
    [Theory]
    [InlineData("o200k")]
    [InlineData("cl100k")]
    public void Corpus_HasTheTokensOfTheRealTokenizer(string name)
    {
        PublishedVocabulary.Need();
        var counter = PublishedVocabulary.Counter(name);
        foreach (var (text, bytes) in TokenCorpus.TextsOf(TokenCorpus.Fit).Concat(TokenCorpus.TextsOf(TokenCorpus.HeldOut)))
        {
            Assert.Equal((text, TokenCorpus.Instance.CountOf(name, text)), (text, counter.Count(bytes)));
        }

        using var odd = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("tests", "token-corpus", "splits.json")));
        foreach (var line in odd.RootElement.EnumerateArray())
        {
            var text = line.GetProperty("text").GetString()!;
            Assert.Equal((text, line.GetProperty(name).GetInt64()), (text, counter.Count(Encoding.UTF8.GetBytes(text))));
        }
    }

    [Theory]
    [InlineData("low", 1)]
    [InlineData("lower", 2)]
    [InlineData("lowlow", 2)]
    [InlineData("newer", 4)]
    [InlineData("lo w", 3)]
    [InlineData("", 0)]
    [InlineData("é", 2)]
    public void Pairs_ArePutTogetherByRank(string text, long tokens) => Assert.Equal(tokens, Small().Count(Encoding.UTF8.GetBytes(text)));

    // "ab" before "bc", and of two equal pairs the first.
    [Theory]
    [InlineData("abc", 2)]
    [InlineData("aaa", 2)]
    [InlineData("aaaa", 1)]
    [InlineData("aaaaaaa", 3)]
    public void PairOfTheLowestRank_ComesFirst(string text, long tokens) =>
        Assert.Equal(tokens, new BpeTokenCounter(BpeVocabulary.Read(FileOf("ab", "bc", "aa", "aaaa")), SplitPattern.Cl100K).Count(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void LongPieces_AreCountedAsShortOnesAre()
    {
        // By the simplest way there is: look for the lowest pair again and again.
        var random = new Random(7);
        var tokens = new[] { "ab", "bc", "aa", "aaaa", "ca", "abab", "cab", "aab" };
        var counter = new BpeTokenCounter(BpeVocabulary.Read(FileOf(tokens)), SplitPattern.O200K);
        for (var i = 0; i < 300; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => (char)('a' + random.Next(3)))]);
            Assert.Equal((text, Simply(text, tokens)), (text, (int)counter.Count(Encoding.UTF8.GetBytes(text))));
        }
    }

    [Theory]
    [InlineData("x\n", "line 257")]
    [InlineData("eA==\n", "line 257")]
    [InlineData("eA== \n", "line 257")]
    [InlineData("eA== 1.5\n", "line 257")]
    [InlineData("eA== -1\n", "line 257")]
    [InlineData("e? 300\n", "line 257")]
    [InlineData("YQ== 300\n", "is there again")]
    public void FileWithABadLine_SaysWhich(string line, string expected)
    {
        var file = FileOf().Concat(Encoding.ASCII.GetBytes(line)).ToArray();
        Assert.Contains(expected, Assert.Throws<FormatException>(() => BpeVocabulary.Read(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("YQ== 0\n")]
    public void FileWithoutEveryByte_IsRefused(string file) => Assert.Throws<FormatException>(() => BpeVocabulary.Read(Encoding.ASCII.GetBytes(file)));

    [Fact]
    public void Bytes_ThatAreNoText_AreCounted()
    {
        var random = new Random(3);
        var bytes = new byte[400];
        for (var i = 0; i < 500; i++)
        {
            random.NextBytes(bytes);
            Assert.InRange(Small().Count(bytes.AsSpan(0, random.Next(400))), 0, 400);
        }
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"low lower"}]}""", 11)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"l\u006fw"},{"role":"user","content":[{"type":"text","text":"low"}]}]}""", 13)]
    [InlineData("""{"model":"m","input":["low","low"]}""", 2)]
    [InlineData("""{"model":"m","input":[1,2,3]}""", 3)]
    [InlineData("""{"model":"m","messages":[],"tools":[{"low":"low"}]}""", 4)]
    [InlineData("low", 1)]
    public void Prompt_IsCountedByItsVocabulary(string body, long tokens)
    {
        var facts = new BodyFacts();
        var bytes = Encoding.UTF8.GetBytes(body);
        BodyAnalyzer.Analyze(bytes, facts);
        Assert.Equal(-1, facts.ExactPromptTokens);
        BodyAnalyzer.CountTokens(bytes, facts, Small());
        Assert.Equal(tokens, facts.ExactPromptTokens);
        Assert.False(facts.Model.IsAmbiguous);
    }

    [Fact]
    public void Prompt_WarmedUp_IsCountedWithoutAllocating()
    {
        var counter = Small();
        var facts = new BodyFacts();
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":"{{new string('w', 300)}} l\u006fw"}]}""");
        Assert.Equal(0, Allocations.Least(() => BodyAnalyzer.CountTokens(body, facts, counter)));
    }

    [Fact]
    public void Counter_IsThatOfTheLongestName()
    {
        BpeTokenCounter all = Small(), some = Small(), one = Small();
        var counters = new TokenCounters([("gpt-*", all), ("gpt-4o*", some), ("gpt-4o", one)]);
        Assert.Same(one, counters.Find("gpt-4o"u8));
        Assert.Same(some, counters.Find("gpt-4o-mini"u8));
        Assert.Same(all, counters.Find("gpt-5"u8));
        Assert.Null(counters.Find("claude"u8));
        Assert.Null(TokenCounters.None.Find("gpt-4o"u8));
    }

    private static BpeTokenCounter Small() => new(BpeVocabulary.Read(FileOf("lo", "low", "er")), SplitPattern.O200K);

    // Every byte first, as in real ones.
    private static byte[] FileOf(params string[] tokens)
    {
        var lines = Enumerable.Range(0, 256).Select(b => new[] { (byte)b }).Concat(tokens.Select(Encoding.UTF8.GetBytes))
            .Select((token, rank) => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(token)} {rank}\n"));
        return Encoding.ASCII.GetBytes(string.Concat(lines));
    }

    private static int Simply(string text, string[] tokens)
    {
        if (tokens.Contains(text))
        {
            return 1;
        }

        var parts = text.Select(letter => letter.ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, parts.Count - 1))
                .Select(at => (Rank: Array.IndexOf(tokens, parts[at] + parts[at + 1]), At: at))
                .Where(pair => pair.Rank >= 0)
                .DefaultIfEmpty((Rank: -1, At: -1))
                .Min();
            if (best.Rank < 0)
            {
                return parts.Count;
            }

            parts[best.At] += parts[best.At + 1];
            parts.RemoveAt(best.At + 1);
        }
    }
}
