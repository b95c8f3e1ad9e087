using System.Globalization;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Checks one text against its shape: words of a list, length, pattern, and the forms with a meaning.</summary>
internal sealed class TextValidator(Findings findings)
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Reads a time as bundles write it; false when it is not a real date or written otherwise.</summary>
    public static bool TryParseTimestamp(string text, out DateTimeOffset value) => DateTimeOffset.TryParseExact(
        text, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);

    /// <summary>Checks one text. Inside a field that is refused as a whole, later words are not refused once more.</summary>
    public void Check(string text, SourceLocation location, TextShape shape, NodePath path, bool insideRefused)
    {
        if (!shape.Allowed.IsEmpty)
        {
            CheckWord(text, location, shape, path, insideRefused);
            return;
        }

        if (text.Length < shape.MinLength || text.Length > shape.MaxLength)
        {
            findings.Error(
                StructureCodes.WrongLength,
                location,
                path.ToString(),
                text.Length == 0 ? $"the {shape.Noun} is empty" : $"the {shape.Noun} has {text.Length} characters",
                $"write {shape.MinLength} to {shape.MaxLength} characters");
            return;
        }

        switch (shape.Form)
        {
            case TextForm.Duration:
                CheckDuration(text, location, shape, path);
                break;
            case TextForm.Timestamp when !TryParseTimestamp(text, out _):
                findings.Error(StructureCodes.BadTimestamp, location, path.ToString(), $"{Quote.Text(text)} is not a time", "write " + shape.Example);
                break;
            case TextForm.Descriptor when !DescriptorCatalog.TryParse(text, out _):
                CheckDescriptor(text, location, shape, path, insideRefused);
                break;
            case TextForm.Secret when !shape.HasPattern(text):
                findings.Error(
                    SecretCodes.NotAReference,
                    location,
                    path.ToString(),
                    "a secret belongs here by reference, and the text is none (it is not shown)",
                    "write " + shape.Example);
                break;
            case TextForm.Timestamp or TextForm.Descriptor or TextForm.Secret:
                break;
            default:
                CheckPattern(text, location, shape, path);
                break;
        }
    }

    private void CheckWord(string text, SourceLocation location, TextShape shape, NodePath path, bool insideRefused)
    {
        foreach (var word in shape.Allowed)
        {
            if (!string.Equals(word.Text, text, StringComparison.Ordinal))
            {
                continue;
            }

            if (!word.Supported && !insideRefused)
            {
                findings.Error(
                    StructureCodes.NotSupportedYet,
                    location,
                    path.ToString(),
                    $"\"{text}\" is not supported yet: it comes with the capability \"{word.Capability.Word()}\"",
                    $"write one of {Supported(shape)}");
            }

            return;
        }

        var nearest = NearestName.Of(text, shape.Allowed.Select(a => a.Text));
        findings.Error(
            StructureCodes.NotAllowed,
            location,
            path.ToString(),
            $"{Quote.Text(text)} is not one of the possible values",
            nearest is null ? $"write one of {Supported(shape)}" : $"did you mean {nearest}? Possible: {Supported(shape)}");
    }

    private void CheckDuration(string text, SourceLocation location, TextShape shape, NodePath path)
    {
        if (!DurationText.TryParse(text, out var duration))
        {
            findings.Error(StructureCodes.BadDuration, location, path.ToString(), $"{Quote.Text(text)} is not a duration", "write " + shape.Example);
        }
        else if (duration < shape.MinDuration || duration > shape.MaxDuration)
        {
            findings.Error(
                StructureCodes.OutOfRange, location, path.ToString(), $"{Quote.Text(text)} is out of range", $"write a duration from the range {shape.Range}");
        }
    }

    private void CheckDescriptor(string text, SourceLocation location, TextShape shape, NodePath path, bool insideRefused)
    {
        var known = DescriptorCatalog.Find(text);
        if (known is null)
        {
            var nearest = NearestName.Of(text, DescriptorCatalog.All.Where(d => d.NamePattern.Length == 0).Select(d => d.Text));
            findings.Error(
                StructureCodes.BadDescriptor,
                location,
                path.ToString(),
                $"{Quote.Text(text)} is not a descriptor",
                nearest is null ? $"write {shape.Example}" : $"did you mean {nearest}?");
        }
        else if (!insideRefused)
        {
            findings.Error(
                StructureCodes.NotSupportedYet,
                location,
                path.ToString(),
                $"{known.Text} is not supported yet: it comes with the capability \"{known.Capability.Word()}\"",
                $"write {shape.Example}");
        }
    }

    private void CheckPattern(string text, SourceLocation location, TextShape shape, NodePath path)
    {
        if (!shape.HasPattern(text))
        {
            findings.Error(StructureCodes.Malformed, location, path.ToString(), $"{Quote.Text(text)} is no {shape.Noun}", "write " + shape.Example);
        }
    }

    private static string Supported(TextShape shape) => string.Join(", ", shape.Allowed.Where(a => a.Supported).Select(a => a.Text));
}
