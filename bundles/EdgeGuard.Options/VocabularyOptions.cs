using System.Collections.Immutable;

namespace EdgeGuard.Options;

/// <summary>A vocabulary that prompts are counted with (<c>vocabularies.NAME</c>).</summary>
public sealed record VocabularyOptions
{
    /// <summary>A <c>.tiktoken</c> file.</summary>
    public string File { get; init; } = string.Empty;

    /// <summary>Whether texts are split as for <c>o200k_base</c>, and not as for <c>cl100k_base</c>.</summary>
    public bool SplitsAsO200K { get; init; }

    /// <summary>Models that it is for, each with an optional closing <c>*</c>.</summary>
    public ImmutableArray<string> Models { get; init; } = [];
}
