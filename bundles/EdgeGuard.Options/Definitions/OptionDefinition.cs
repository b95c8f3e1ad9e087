using System.Collections.Immutable;

namespace EdgeGuard.Options.Definitions;

/// <summary>
/// One option as data. Loader, <c>config show</c> and <c>docs/configuration.md</c> (held by a test) all follow from it.
/// </summary>
/// <param name="Key">Path in the file: snake_case, dots between levels, <c>*</c> for a name that the user chooses.</param>
/// <param name="Kind">How its text is read.</param>
/// <param name="Default">Default as a user would write it; empty for none.</param>
/// <param name="Summary">One sentence for people.</param>
public sealed record OptionDefinition(string Key, OptionKind Kind, string Default, string Summary)
{
    /// <summary>A secret: never shown, not accepted as a flag, and readable from a file by <c>KEY_file</c>.</summary>
    public bool Secret { get; init; }

    /// <summary>Least value of an integer, of a size in bytes, of a duration in milliseconds or of a share in millionths.</summary>
    public long Min { get; init; }

    /// <summary>Greatest value of an integer, of a size in bytes, of a duration in milliseconds or of a share in millionths; of a text its length.</summary>
    public long Max { get; init; } = long.MaxValue;

    /// <summary>Words of a <see cref="OptionKind.Choice"/> or <see cref="OptionKind.ChoiceList"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>The range for people, such as <c>1s to 1h</c>; empty when the kind says it all.</summary>
    public string Range { get; init; } = string.Empty;

    /// <summary>Further flags that mean the same, such as <c>--upstream</c>.</summary>
    public ImmutableArray<string> FlagAliases { get; init; } = [];

    /// <summary>For options that do not take every form of <see cref="OptionKind.Address"/>.</summary>
    public bool TcpOnly { get; init; }

    /// <summary>The flag: <c>--listen.decision-http2</c>; a secret has only the one that names a file.</summary>
    public string Flag => "--" + Key.Replace('_', '-').Replace("*", "<name>", StringComparison.Ordinal) + (Secret ? "-file" : string.Empty);

    /// <summary>Whether the key holds a name that the user chooses.</summary>
    public bool IsPattern => Key.Contains('*', StringComparison.Ordinal);

    /// <summary>The name in the environment.</summary>
    public string Environment(string prefix) =>
        prefix + Key.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal).Replace("*", "<NAME>", StringComparison.Ordinal);
}
