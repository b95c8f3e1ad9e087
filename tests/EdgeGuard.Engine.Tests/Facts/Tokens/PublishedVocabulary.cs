using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGuard.Engine.Facts.Tokens;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Facts.Tokens;

/// <summary>Vocabularies of the npm package tiktoken, which test.sh fetches, as files in the form that the edge reads.</summary>
internal static class PublishedVocabulary
{
    private const string Variable = "EDGEGUARD_TEST_TIKTOKEN";

    private static readonly string? Folder = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Skips the test without the package.</summary>
    public static void Need() => Assert.SkipWhen(string.IsNullOrEmpty(Folder), $"no vocabularies: {Variable} is not set (test.sh fetches the package and sets it)");

    /// <summary>Who counts by a vocabulary.</summary>
    public static BpeTokenCounter Counter(string name) =>
        new(BpeVocabulary.Read(File(name)), name == "o200k" ? SplitPattern.O200K : SplitPattern.Cl100K);

    /// <summary>The file. In the package tokens stand in lines, each with the rank of its first.</summary>
    public static byte[] File(string name)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Folder!, "node_modules", "tiktoken", "encoders", $"{name}_base.json")));
        var file = new StringBuilder();
        foreach (var line in json.RootElement.GetProperty("bpe_ranks").GetString()!.Split('\n'))
        {
            var words = line.Split(' ');
            for (var i = 2; i < words.Length; i++)
            {
                file.Append(words[i]).Append(' ').Append(int.Parse(words[1], CultureInfo.InvariantCulture) + i - 2).Append('\n');
            }
        }

        return Encoding.ASCII.GetBytes(file.ToString());
    }
}
