using System.Globalization;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Checks one text against its shape: words of a list, length, pattern, and the forms with a meaning.</summary>
internal sealed class TextValidator(ValidationContext context, Findings findings)
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Reads a time as bundles write it; false when it is not a real date or written otherwise.</summary>
    public static bool TryParseTimestamp(string text, out DateTimeOffset value) => DateTimeOffset.TryParseExact(
        text, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);

    /// <summary>Checks one text.</summary>
    public void Check(string text, SourceLocation location, TextShape shape, NodePath path)
    {
        if (!shape.Allowed.IsEmpty)
        {
            CheckWord(text, location, shape, path);
            return;
        }

        if (shape.Form == TextForm.Secret)
        {
            CheckSecretField(text, location, shape, path);
            return;
        }

        if (!CheckSecrets(text, location, shape.Form, path))
        {
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
                CheckDescriptor(text, location, shape, path);
                break;
            case TextForm.Timestamp or TextForm.Descriptor:
                break;
            default:
                CheckPattern(text, location, shape, path);
                break;
        }
    }

    /// <summary>Looks for secrets and stray references; false when the text must not be looked at further.</summary>
    public bool CheckSecrets(string text, SourceLocation location, TextForm form, NodePath path)
    {
        if (SecretReferences.Contains(text))
        {
            return CheckReferences(text, location, form, path);
        }

        var kind = form == TextForm.PublicBytes && !text.Contains("PRIVATE KEY", StringComparison.Ordinal) ? null : SecretPatterns.Known(text);
        if (kind is null && form is TextForm.Plain or TextForm.Name && SecretPatterns.LooksRandom(text))
        {
            kind = "a key (long, mixed and random)";
        }

        if (kind is null)
        {
            return true;
        }

        if (form == TextForm.KilledValue)
        {
            findings.Warning(
                SecretCodes.KillSwitchNamesCredential,
                location,
                path.ToString(),
                $"the value looks like {kind} (it is not shown), and everyone who may read kill switches can read it",
                "revoke the credential where it was issued, and name its owner here as soon as you can");
            return true;
        }

        findings.Error(
            SecretCodes.EmbeddedSecret,
            location,
            path.ToString(),
            $"the text looks like {kind} (it is not shown), and secrets do not belong in a bundle",
            "remove it here and replace the credential, since it has been written down; where a field takes a secret, write ${env:NAME} or ${file:/path}");
        return false;
    }

    /// <summary>Looks for secrets in what is otherwise ignored: a refused or warned-of field is no hiding place.</summary>
    public void CheckIgnored(Node node, NodePath path)
    {
        if (node.Kind == NodeKind.String)
        {
            CheckSecrets(node.Text, node.Location, TextForm.TrafficValue, path);
        }

        for (var i = 0; i < node.Items.Count; i++)
        {
            path.Push(i);
            CheckIgnored(node.Items[i], path);
            path.Pop();
        }

        foreach (var entry in node.Entries)
        {
            path.Push(entry.Key);
            CheckIgnored(entry.Value, path);
            path.Pop();
        }
    }

    private void CheckSecretField(string text, SourceLocation location, TextShape shape, NodePath path)
    {
        if (shape.HasPattern(text))
        {
            CheckListed(SecretReferences.Parse(text).References, location, path);
            return;
        }

        findings.Error(
            SecretCodes.NotAReference,
            location,
            path.ToString(),
            "a secret belongs here by reference, and the text is none (it is not shown)",
            "write " + shape.Example);
    }

    private bool CheckReferences(string text, SourceLocation location, TextForm form, NodePath path)
    {
        if (form != TextForm.Url)
        {
            findings.Error(
                SecretCodes.ReferenceNotAllowedHere,
                location,
                path.ToString(),
                "references are resolved only in fields that take a secret or an address, so this one would stay as it is written",
                "write the value itself");
            return false;
        }

        var (references, wellFormed) = SecretReferences.Parse(text);
        if (!wellFormed)
        {
            findings.Error(SecretCodes.MalformedReference, location, path.ToString(), "the reference is malformed", "write ${env:NAME} or ${file:/path}");
            return false;
        }

        CheckListed(references, location, path);
        return true;
    }

    private void CheckListed(IReadOnlyList<(string Kind, string Name)> references, SourceLocation location, NodePath path)
    {
        foreach (var (kind, name) in references)
        {
            var listed = kind == "env"
                ? context.ReferenceEnvironment?.Contains(name) ?? true
                : context.ReferenceFiles is null || SecretReferences.IsListedFile(name, context.ReferenceFiles);
            if (!listed)
            {
                findings.Error(
                    SecretCodes.ReferenceNotListed,
                    location,
                    path.ToString(),
                    $"{Quote.Text(name)} is not among the names that bundles may refer to",
                    kind == "env" ? "add it to references.env in the edge's options" : "add its folder to references.files in the edge's options");
            }
        }
    }

    private void CheckWord(string text, SourceLocation location, TextShape shape, NodePath path)
    {
        if (shape.Allowed.Contains(text))
        {
            return;
        }

        if (!CheckSecrets(text, location, shape.Form, path))
        {
            return;
        }

        var nearest = findings.IsFull ? null : NearestName.Of(text, shape.Allowed);
        findings.Error(
            StructureCodes.NotAllowed,
            location,
            path.ToString(),
            $"{Quote.Text(text)} is not one of the possible values",
            nearest is null ? WriteOneOf(shape) : $"did you mean {nearest}? Possible: {string.Join(", ", shape.Allowed)}");
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

    private void CheckDescriptor(string text, SourceLocation location, TextShape shape, NodePath path)
    {
        var nearest = NearestName.Of(text, DescriptorCatalog.All.Where(d => d.NamePattern.Length == 0).Select(d => d.Text));
        findings.Error(
            StructureCodes.BadDescriptor,
            location,
            path.ToString(),
            $"{Quote.Text(text)} is not a descriptor",
            nearest is null ? $"write {shape.Example}" : $"did you mean {nearest}?");
    }

    private void CheckPattern(string text, SourceLocation location, TextShape shape, NodePath path)
    {
        if (!shape.HasPattern(text))
        {
            findings.Error(StructureCodes.Malformed, location, path.ToString(), $"{Quote.Text(text)} is no {shape.Noun}", "write " + shape.Example);
        }
    }

    private static string WriteOneOf(TextShape shape) => (shape.Allowed.Length == 1 ? "write " : "write one of ") + string.Join(", ", shape.Allowed);
}
