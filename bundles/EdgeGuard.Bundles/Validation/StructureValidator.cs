using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Compares a document with its shape: fields, types and ranges.</summary>
internal sealed class StructureValidator(DocumentFormat dialect, ValidationContext context, Findings findings)
{
    private readonly NodePath _path = new();
    private readonly TextValidator _texts = new(context, findings);

    /// <summary>Checks a whole document.</summary>
    public void Check(Node root, ObjectShape shape) => CheckValue(root, shape, null);

    private void CheckValue(Node node, ValueShape shape, Node? owner)
    {
        switch (shape)
        {
            case ObjectShape map:
                CheckObject(node, map);
                break;
            case VariantShape variant:
                CheckVariant(node, variant, owner);
                break;
            case ListShape list:
                CheckList(node, list);
                break;
            case MapShape map:
                CheckMap(node, map);
                break;
            case TextShape text:
                CheckText(node, text);
                break;
            case NumberShape number:
                CheckNumber(node, number);
                break;
            case BooleanShape when node.Kind != NodeKind.Boolean:
                WrongType(node, "true or false");
                break;
            case ScalarShape:
                CheckScalar(node);
                break;
            case ScalarOrListShape when node.Kind == NodeKind.List:
                CheckList(node, new ListShape(ScalarShape.Instance, 0, ScalarOrListShape.MaxItems));
                break;
            case ScalarOrListShape:
                CheckScalar(node);
                break;
            default:
                break;
        }
    }

    private void CheckObject(Node node, ObjectShape shape)
    {
        if (node.Kind != NodeKind.Map)
        {
            WrongType(node, "a map");
            return;
        }

        foreach (var entry in node.Entries)
        {
            var field = shape.Find(entry.Key);
            if (field is null || (field.PeerIgnored && dialect == DocumentFormat.Native))
            {
                UnknownField(entry, shape);
                continue;
            }

            _path.Push(entry.Key);
            CheckField(node, entry, field);
            _path.Pop();
        }

        foreach (var field in shape.Fields)
        {
            var required = dialect == DocumentFormat.Peer
                ? field.RequiredInPeer || (field.IsRequired && !field.NativeOnly && !field.OptionalInPeer)
                : field.IsRequired;
            if (required && !Has(node, field))
            {
                findings.Error(
                    StructureCodes.MissingField,
                    node.Location,
                    NodePath.Join(_path.ToString(), field.Name),
                    $"{field.Name} is missing",
                    $"write {field.Name}: {Describe(field.Shape)}");
            }
        }
    }

    private void CheckField(Node owner, NodeEntry entry, FieldShape field)
    {
        if (field.PeerIgnored)
        {
            _texts.CheckIgnored(entry.Value, _path);
            findings.Warning(
                PeerCodes.FieldHasNoEffect,
                entry.KeyLocation,
                _path.ToString(),
                $"{entry.Key} is accepted and has no effect, here as at the peer",
                $"remove {entry.Key}");
            return;
        }

        if (!string.Equals(entry.Key, field.Name, StringComparison.Ordinal) && owner[field.Name] is not null)
        {
            findings.Error(
                StructureCodes.TwoSpellings,
                entry.KeyLocation,
                _path.ToString(),
                $"{entry.Key} and {field.Name} are one field and both are given",
                $"keep {field.Name}");
        }

        if (dialect == DocumentFormat.Peer && IsOffInPeer(entry.Value, field.Shape))
        {
            _texts.CheckIgnored(entry.Value, _path);
            return;
        }

        CheckValue(entry.Value, field.Shape, owner);
    }

    private void CheckVariant(Node node, VariantShape shape, Node? owner)
    {
        var word = owner?[shape.Discriminator];
        var variant = word is { Kind: NodeKind.String } ? shape.For(word.Text) : null;
        if (variant is null)
        {
            // The discriminator itself is reported where it stands; here only that this must be a map.
            if (node.Kind != NodeKind.Map)
            {
                WrongType(node, "a map");
            }

            return;
        }

        CheckObject(node, variant);
    }

    private void CheckList(Node node, ListShape shape)
    {
        if (node.Kind != NodeKind.List)
        {
            WrongType(node, "a list");
            return;
        }

        if (node.Items.Count < shape.Min || node.Items.Count > shape.Max)
        {
            findings.Error(
                StructureCodes.WrongCount,
                node.Location,
                _path.ToString(),
                $"{node.Items.Count} items, where {shape.Min} to {shape.Max} are possible",
                node.Items.Count < shape.Min ? "add what is missing, or leave the field out if it may be absent" : "split the list over several policies or bundles");
        }

        var seen = shape.Unique && node.Items.Count > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        for (var i = 0; i < node.Items.Count && i < shape.Max; i++)
        {
            var item = node.Items[i];
            _path.Push(i);
            CheckValue(item, shape.Item, null);
            if (seen is not null && item.Kind == NodeKind.String && !seen.Add(item.Text))
            {
                findings.Error(StructureCodes.RepeatedItem, item.Location, _path.ToString(), $"{Quote.Text(item.Text)} is in the list twice", "remove one");
            }

            _path.Pop();
        }
    }

    private void CheckMap(Node node, MapShape shape)
    {
        if (node.Kind != NodeKind.Map)
        {
            WrongType(node, "a map");
            return;
        }

        if (node.Entries.Count > shape.Max)
        {
            findings.Error(
                StructureCodes.WrongCount, node.Location, _path.ToString(), $"{node.Entries.Count} entries, where at most {shape.Max} are possible", "remove some");
        }

        foreach (var entry in node.Entries)
        {
            _path.Push(entry.Key);
            _texts.Check(entry.Key, entry.KeyLocation, shape.Key, _path);
            CheckValue(entry.Value, shape.Value, null);
            _path.Pop();
        }
    }

    private void CheckText(Node node, TextShape shape)
    {
        if (node.Kind != NodeKind.String)
        {
            WrongType(node, "text" + (node.Kind is NodeKind.List or NodeKind.Map or NodeKind.Null ? string.Empty : " (in quotes)"));
            return;
        }

        _texts.Check(node.Text, node.Location, shape, _path);
    }

    private void CheckNumber(Node node, NumberShape shape)
    {
        if (NumberCheck.IsValid(node, shape))
        {
            return;
        }

        if (dialect == DocumentFormat.Peer && shape.CappedInPeer && NumberCheck.IsOnlyTooLarge(node, shape))
        {
            var most = NumberShape.Format(shape.Max);
            findings.Warning(
                PeerCodes.NumberCapped, node.Location, _path.ToString(), $"{Quote.Shorten(node.Text)} is more than there is, so {most} holds", $"write {most}");
            return;
        }

        NumberCheck.Check(node, shape, _path.ToString, findings);
    }

    private void CheckScalar(Node node)
    {
        if (node.Kind is NodeKind.List or NodeKind.Map or NodeKind.Null)
        {
            WrongType(node, "text, a number, or true or false");
        }
        else if (node.Text.Length == 0 || node.Text.Length > ScalarShape.MaxLength)
        {
            findings.Error(
                StructureCodes.WrongLength, node.Location, _path.ToString(), $"{node.Text.Length} characters", $"write 1 to {ScalarShape.MaxLength} characters");
        }
        else if (node.Kind == NodeKind.String)
        {
            _texts.CheckSecrets(node.Text, node.Location, TextForm.TrafficValue, _path);
        }
    }

    private void UnknownField(NodeEntry entry, ObjectShape shape)
    {
        _path.Push(entry.Key);
        _texts.CheckIgnored(entry.Value, _path);
        var nearest = findings.IsFull ? null : NearestName.Of(entry.Key, shape.KnownNames);
        var elsewhere = nearest is null ? ShapeIndex.OwnersOf(entry.Key) : string.Empty;
        var fix = nearest is not null ? $"did you mean {nearest}?"
            : elsewhere.Length > 0 ? $"{entry.Key} is a field of {elsewhere}: move it there"
            : $"remove it; {shape.Name} has {string.Join(", ", shape.Fields.Where(f => !f.PeerIgnored).Select(f => f.Name))}";
        var name = Quote.Text(entry.Key);
        if (dialect == DocumentFormat.Peer)
        {
            findings.Warning(PeerCodes.UnknownFieldIgnored, entry.KeyLocation, _path.ToString(), $"{name} is not a known field of {shape.Name} and is ignored", fix);
        }
        else
        {
            findings.Error(StructureCodes.UnknownField, entry.KeyLocation, _path.ToString(), $"{name} is not a field of {shape.Name}", fix);
        }

        _path.Pop();
    }

    private void WrongType(Node node, string expected) => findings.Error(
        StructureCodes.WrongType,
        node.Location,
        _path.ToString(),
        $"{Quote.Kind(node.Kind)} where {expected} belongs{(node.Kind is NodeKind.List or NodeKind.Map or NodeKind.Null ? string.Empty : $" ({Quote.Value(node)})")}",
        node.Kind == NodeKind.Null ? $"write {expected}, or leave the field out" : $"write {expected}");

    // The peer looks into such a map only when it says enabled: true, so whatever is in it loads there.
    private static bool IsOffInPeer(Node value, ValueShape shape) =>
        shape is ObjectShape { InertWhenDisabled: true } && value.Kind == NodeKind.Map && value["enabled"] is null or { Kind: NodeKind.Boolean, Boolean: false };

    private static bool Has(Node node, FieldShape field)
    {
        if (node[field.Name] is not null)
        {
            return true;
        }

        foreach (var alias in field.Aliases)
        {
            if (node[alias] is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static string Describe(ValueShape shape) => shape switch
    {
        TextShape { Allowed.IsEmpty: false } words => $"one of {string.Join(", ", words.Allowed)}",
        TextShape { Example.Length: > 0 } text => text.Example,
        NumberShape number => $"a number from the range {number.Range}",
        BooleanShape => "true or false",
        ListShape { Min: 0 } => "a list, [] if it is empty",
        ListShape => "a list",
        ObjectShape or MapShape or VariantShape => "a map",
        _ => "a value",
    };
}
