using System.Globalization;
using System.Text;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Facts.Tokens;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Facts.Tokens;

/// <summary>The estimator of prompts against the counts of real tokenizers.</summary>
public sealed class TokenFamilyTests
{
    private static readonly Dictionary<string, string> Models = new()
    {
        ["o200k"] = "`gpt-4o`, `gpt-4.1`, `gpt-5` and later, `o1`, `o3`, `o4`",
        ["cl100k"] = "`gpt-4`, `gpt-3.5`, `text-embedding-`",
        ["claude"] = "`claude`",
        ["gemini"] = "`gemini`, `gemma`",
        ["llama3"] = "`llama`, from 3 on",
        ["qwen"] = "`qwen`",
        ["deepseek"] = "`deepseek`",
        ["mistral"] = "`mistral`, `mixtral`, `codestral`, `llama-2`",
        ["default"] = "any other",
    };

    public static TheoryData<string> Families => [.. TokenFamilies.All.Select(family => family.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Weights_AreThoseThatTheFirstHalfOfTheCorpusGives(string name)
    {
        var weights = TokenCalibration.Weights(TokenCorpus.Instance, name);
        var known = TokenFamilies.All.Single(family => family.Name == name).Weights;
        Assert.True(weights.SequenceEqual(known), $"TokenFamilies should have for {name}: {string.Join(", ", weights)}");
    }

    [Fact]
    public void Corpus_IsCountedWhole()
    {
        var texts = TokenCorpus.TextsOf(TokenCorpus.Fit).Concat(TokenCorpus.TextsOf(TokenCorpus.HeldOut)).Select(text => text.Name).ToArray();
        Assert.Equal(texts, TokenCorpus.Instance.Counted);
        Assert.Equal(TokenFamilies.All.Select(family => family.Name), TokenCorpus.Instance.Sources.Keys.Append("default"));
    }

    [Fact]
    public void Page_TellsTheErrorOnTheOtherHalf()
    {
        var page = File.ReadAllText(RepositoryRoot.Combine("docs", "llm.md"));
        var table = Table();
        Assert.True(page.Contains(table, StringComparison.Ordinal), "docs/llm.md should have:\n" + table);
    }

    [Theory]
    [InlineData("gpt-4o-mini", "o200k")]
    [InlineData("openai/GPT-5", "o200k")]
    [InlineData("gpt-4-turbo", "cl100k")]
    [InlineData("gpt-35-turbo", "cl100k")]
    [InlineData("o3", "o200k")]
    [InlineData("claude-sonnet", "claude")]
    [InlineData("meta-llama/Llama-3.1-8B", "llama3")]
    [InlineData("llama-2-7b", "mistral")]
    [InlineData("", "default")]
    [InlineData("mock-1", "default")]
    public void Family_IsThatOfTheModelsName(string model, string family) => Assert.Equal(family, TokenFamilies.Of(Encoding.UTF8.GetBytes(model)).Name);

    [Fact]
    public void Tools_AreEstimatedAsTheirJson()
    {
        foreach (var half in new[] { TokenCorpus.Fit, TokenCorpus.HeldOut })
        {
            var (name, text) = TokenCorpus.TextsOf(half).Single(text => text.Name.Contains("tools-schema", StringComparison.Ordinal));
            var facts = new BodyFacts();
            BodyAnalyzer.Analyze(Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","messages":[],"tools":{{Encoding.UTF8.GetString(text)}}}"""), facts);
            var truth = TokenCorpus.Instance.CountOf("o200k", name);
            Assert.InRange(facts.CalibratedPromptTokens, truth * 0.8, truth * 1.3);
            Assert.Equal(0, facts.PromptTokens);
        }
    }

    [Theory]
    [InlineData("a b", @"a b")]
    [InlineData("line\nline", @"line\nline")]
    [InlineData("é中😀", @"\u00e9\u4e2d\ud83d\ude00")]
    [InlineData("say \"x\" 12", @"say \u0022x\"" \u00312")]
    public void EscapedText_MakesTheTokensOfThePlainOne(string plain, string escaped)
    {
        var units = default(TokenUnits);
        units.Add(Encoding.UTF8.GetBytes(escaped), escaped: true);
        var expected = TokenCorpus.UnitsOf(Encoding.UTF8.GetBytes(plain));
        for (var i = 0; i < FeatureCounts.Count; i++)
        {
            Assert.Equal(expected.Counts[i], units.Counts[i]);
        }
    }

    [Theory]
    [InlineData(' ')]
    [InlineData('a')]
    [InlineData('=')]
    [InlineData('\n')]
    [InlineData('7')]
    public void MuchOfOneKind_IsNeverForNothing(char letter)
    {
        var units = TokenCorpus.UnitsOf(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(new string(letter, 199) + 'x', 100))));
        Assert.All(TokenFamilies.All, family => Assert.InRange(family.Tokens(in units, 0), 100, 40_000));
    }

    private static string Table()
    {
        var table = new StringBuilder("| family | models | counted with | of all tokens | mean | 95 % | most over | most under |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var family in TokenFamilies.All)
        {
            var source = TokenCorpus.Instance.Sources.GetValueOrDefault(family.Name, "the largest of all");
            table.Append(CultureInfo.InvariantCulture, $"| {family.Name} | {Models[family.Name]} | {source} | {Errors(family)} |\n");
        }

        return table.ToString();
    }

    // Errors of single texts against the truth, and of all their tokens together.
    private static string Errors(TokenFamily family)
    {
        long estimated = 0, counted = 0;
        var errors = new List<(double Error, string Name)>();
        foreach (var (name, text) in TokenCorpus.TextsOf(TokenCorpus.HeldOut))
        {
            var units = TokenCorpus.UnitsOf(text);
            var (estimate, truth) = (family.Tokens(in units, 0), TokenCorpus.Instance.CountOf(family.Name, name));
            estimated += estimate;
            counted += truth;
            errors.Add((((double)estimate / truth) - 1, name["held-out/".Length..^".txt".Length]));
        }

        var (over, under) = (errors.MaxBy(error => error.Error), errors.MinBy(error => error.Error));
        var sizes = errors.Select(error => Math.Abs(error.Error)).Order().ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Percent(((double)estimated / counted) - 1)} | {sizes.Average() * 100:0} % | {sizes[(int)Math.Ceiling(sizes.Length * 0.95) - 1] * 100:0} % | {Percent(over.Error)} ({over.Name}) | {Percent(under.Error)} ({under.Name})");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:+0;-0} %");
}
