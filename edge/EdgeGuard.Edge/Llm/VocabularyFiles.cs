using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Engine.Facts.Tokens;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Llm;

/// <summary>Reads the vocabularies that the options name.</summary>
internal static class VocabularyFiles
{
    /// <summary>Largest file; that of 200 thousand tokens has under 4 MiB.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>Reads them all.</summary>
    /// <exception cref="StartException">One cannot be used; says so of each.</exception>
    public static TokenCounters Read(ImmutableDictionary<string, VocabularyOptions> vocabularies)
    {
        var counters = new List<(string Models, ITokenCounter Counter)>();
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var (name, options) in vocabularies.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            try
            {
                var counter = Read(options);
                counters.AddRange(options.Models.Select(models => (models, (ITokenCounter)counter)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or NotSupportedException)
            {
                problems.Add(new Diagnostic(
                    EdgeCodes.VocabularyUnusable,
                    Severity.Error,
                    SourceLocation.None,
                    $"vocabularies.{name}.file",
                    exception is FormatException ? exception.Message : $"`{options.File}` cannot be read: {exception.GetType().Name}",
                    "name a .tiktoken file that the edge may read, or remove the vocabulary"));
            }
        }

        return problems.Count == 0 ? new TokenCounters(counters) : throw new StartException(ExitCode.Usage, problems.ToImmutable());
    }

    private static BpeTokenCounter Read(VocabularyOptions options)
    {
        if (new FileInfo(options.File).Length > MaxBytes)
        {
            throw new FormatException($"the file is larger than {MaxBytes} bytes");
        }

        return new BpeTokenCounter(BpeVocabulary.Read(File.ReadAllBytes(options.File)), options.SplitsAsO200K ? SplitPattern.O200K : SplitPattern.Cl100K);
    }
}
