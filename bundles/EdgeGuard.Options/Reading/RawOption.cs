using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Options.Definitions;

namespace EdgeGuard.Options.Reading;

/// <summary>An option as one source gives it, before its text is read.</summary>
/// <param name="Definition">Which option.</param>
/// <param name="Key">Its key with the user's names filled in.</param>
/// <param name="Values">The text, or the items of a list.</param>
/// <param name="IsList">Whether it was written as a list.</param>
/// <param name="Place">Where it was given.</param>
/// <param name="NamesFile">Whether the text is the path of a file that holds the secret.</param>
internal sealed record RawOption(
    OptionDefinition Definition, string Key, ImmutableArray<string> Values, bool IsList, SourceLocation Place, bool NamesFile);
