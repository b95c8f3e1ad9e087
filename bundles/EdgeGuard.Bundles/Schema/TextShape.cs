using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeGuard.Bundles.Schema;

/// <summary>A string.</summary>
internal sealed class TextShape : ValueShape
{
    private Regex? _regex;

    public TextForm Form { get; init; }

    /// <summary>What the text is, for messages and the reference page: <c>host name</c>.</summary>
    public string Noun { get; init; } = "text";

    /// <summary>Good values, for the "fix" of a message.</summary>
    public string Example { get; init; } = string.Empty;

    public int MinLength { get; init; } = 1;

    public int MaxLength { get; init; } = 1024;

    /// <summary>Anchored regular expression that .NET and ECMAScript read alike, or null.</summary>
    public string? Pattern { get; init; }

    /// <summary>The closed list, or empty.</summary>
    public ImmutableArray<string> Allowed { get; init; } = [];

    /// <summary>Bounds of a duration.</summary>
    public TimeSpan MinDuration { get; init; } = TimeSpan.Zero;

    /// <summary>Bounds of a duration.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromDays(3650);

    /// <inheritdoc />
    public override string TypeName => Allowed.IsEmpty ? Noun : "word";

    /// <inheritdoc />
    public override string Range
    {
        get
        {
            if (!Allowed.IsEmpty)
            {
                return string.Join(" ", Allowed.Select(word => $"`{word}`"));
            }

            if (Form == TextForm.Duration)
            {
                return $"{DurationText.Format(MinDuration)} to {DurationText.Format(MaxDuration)}";
            }

            return Form is TextForm.Timestamp or TextForm.Descriptor or TextForm.CostSource or TextForm.Secret
                ? string.Empty
                : string.Create(CultureInfo.InvariantCulture, $"{MinLength} to {MaxLength} characters");
        }
    }

    /// <summary>Whether the text has the pattern; true when there is none.</summary>
    public bool HasPattern(string text)
    {
        if (Pattern is null)
        {
            return true;
        }

        _regex ??= new Regex(Pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromMilliseconds(MatchBudget.Milliseconds));
        return _regex.IsMatch(text);
    }
}
