using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>Prompts that are counted by vocabularies of the options, and not estimated.</summary>
public sealed class VocabularyTests
{
    private const string Limits = "tokens_per_minute: 1000, token_source: {estimator: calibrated}";

    // The prompt is "Hell", four tokens by a vocabulary of bytes; around it are four and three. Estimated it would be one, and four for the message.
    [Theory]
    [InlineData("mock-*", 11)]
    [InlineData("mock-1", 11)]
    [InlineData("mock-2", 5)]
    public async Task Prompt_IsReservedByTheVocabularyOfItsModel(string models, int prompt)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "bytes.tiktoken");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Range(0, 256).Select(
            rank => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String([(byte)rank])} {rank}\n"))));
        var provider = new MockProvider(MockFormat.Chat) { Tokens = 5, Fault = MockFault.NoUsage };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Chat, Limits, options: options => With(options, file, models));

        await scene.StreamAsync();

        Assert.Equal(1000 - prompt - ModelScene.DefaultCompletion, await scene.LeftAsync());
    }

    [Theory]
    [InlineData("YQ== 0\n", "byte 0 is no token")]
    [InlineData("what is this\n", "line 1 is not")]
    [InlineData(null, "cannot be read")]
    public async Task VocabularyThatCannotBeUsed_KeepsTheEdgeFromStarting(string? content, string expected)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "bad.tiktoken");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content);
        }

        var failure = await Assert.ThrowsAsync<StartException>(() => ModelScene.StartAsync(
            new MockProvider(MockFormat.Chat), MockFormat.Chat, Limits, options: options => With(options, file, "mock-*")));

        var problem = Assert.Single(failure.Diagnostics);
        Assert.Equal(("EG3242", "vocabularies.bytes.file"), (problem.Code, problem.Path));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    private static EdgeOptions With(EdgeOptions options, string file, string models) => options with
    {
        Vocabularies = ImmutableDictionary<string, VocabularyOptions>.Empty.Add("bytes", new VocabularyOptions { File = file, Models = [models], SplitsAsO200K = true }),
    };
}
