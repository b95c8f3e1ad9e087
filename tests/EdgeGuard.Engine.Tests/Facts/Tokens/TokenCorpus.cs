using System.Text;
using System.Text.Json;
using EdgeGuard.Engine.Facts.Tokens;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Facts.Tokens;

/// <summary>The texts of tests/token-corpus and their tokens by real tokenizers.</summary>
internal sealed class TokenCorpus
{
    public const string Fit = "fit";
    public const string HeldOut = "held-out";

    private readonly Dictionary<string, Dictionary<string, long>> _counts = [];

    private TokenCorpus()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Combine("tests", "token-corpus", "counts.json")));
        foreach (var family in json.RootElement.EnumerateObject())
        {
            Sources[family.Name] = family.Value.GetProperty("source").GetString()!;
            _counts[family.Name] = family.Value.GetProperty("counts").EnumerateObject().ToDictionary(count => count.Name, count => count.Value.GetInt64());
        }

        // A model that is not known is taken for the one that makes the most of a text.
        var names = _counts.First().Value.Keys.ToArray();
        _counts["default"] = names.ToDictionary(name => name, name => Sources.Keys.Max(family => _counts[family][name]));
    }

    public static TokenCorpus Instance { get; } = new();

    /// <summary>Which tokenizer counted for a family.</summary>
    public Dictionary<string, string> Sources { get; } = [];

    /// <summary>Names of the texts that were counted.</summary>
    public IEnumerable<string> Counted => _counts["default"].Keys;

    /// <summary>The texts of one half, in the order of their names.</summary>
    public static (string Name, byte[] Text)[] TextsOf(string half) =>
    [
        .. Directory.GetFiles(RepositoryRoot.Combine("tests", "token-corpus", half), "*.txt")
            .Order(StringComparer.Ordinal)
            .Select(file => ($"{half}/{Path.GetFileName(file)}", Encoding.UTF8.GetBytes(File.ReadAllText(file).TrimEnd('\n')))),
    ];

    /// <summary>The true count of a text.</summary>
    public long CountOf(string family, string name) => _counts[family][name];

    /// <summary>The features of a text.</summary>
    public static TokenUnits UnitsOf(byte[] text)
    {
        var units = default(TokenUnits);
        units.Add(text);
        return units;
    }
}
