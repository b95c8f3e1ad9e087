using System.Text.Json;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Writes shapes as JSON Schema.</summary>
internal sealed class JsonSchemaWriter(Utf8JsonWriter writer)
{
    public static string Reference(ObjectShape shape) => "#/$defs/" + Key(shape);

    /// <summary>One entry of <c>$defs</c>.</summary>
    public void Definition(ObjectShape shape)
    {
        writer.WriteStartObject(Key(shape));
        writer.WriteString("description", shape.Summary);
        writer.WriteString("type", "object");
        writer.WriteBoolean("additionalProperties", value: false);
        writer.WriteStartObject("properties");
        foreach (var field in shape.Fields)
        {
            if (field.PeerIgnored)
            {
                continue;
            }

            Property(field.Name, field);
            foreach (var alias in field.Aliases)
            {
                Property(alias, field);
            }
        }

        writer.WriteEndObject();
        Required(shape);
        Conditions(shape);
        writer.WriteEndObject();
    }

    private void Property(string name, FieldShape field)
    {
        writer.WriteStartObject(name);
        writer.WriteString("description", field.Summary);
        Value(field.Shape);
        writer.WriteEndObject();
    }

    private void Value(ValueShape shape)
    {
        switch (shape)
        {
            case ObjectShape map:
                writer.WriteString("$ref", Reference(map));
                break;
            case ListShape list:
                List(list);
                break;
            case MapShape map:
                Map(map);
                break;
            case TextShape text:
                writer.WriteString("type", "string");
                Text(text);
                break;
            case NumberShape number:
                Number(number);
                break;
            case BooleanShape:
                writer.WriteString("type", "boolean");
                break;
            case ScalarShape:
                Scalar();
                break;
            case ScalarOrListShape:
                ScalarOrList();
                break;
            default:
                writer.WriteString("type", "object");
                break;
        }
    }

    private void List(ListShape shape)
    {
        writer.WriteString("type", "array");
        writer.WriteNumber("minItems", shape.Min);
        writer.WriteNumber("maxItems", shape.Max);
        if (shape.Unique)
        {
            writer.WriteBoolean("uniqueItems", value: true);
        }

        writer.WriteStartObject("items");
        Value(shape.Item);
        writer.WriteEndObject();
    }

    private void Map(MapShape shape)
    {
        writer.WriteString("type", "object");
        writer.WriteNumber("maxProperties", shape.Max);
        writer.WriteStartObject("propertyNames");
        Text(shape.Key);
        writer.WriteEndObject();
        writer.WriteStartObject("additionalProperties");
        Value(shape.Value);
        writer.WriteEndObject();
    }

    private void Text(TextShape shape)
    {
        if (!shape.Allowed.IsEmpty)
        {
            writer.WriteStartArray("enum");
            foreach (var word in shape.Allowed)
            {
                writer.WriteStringValue(word);
            }

            writer.WriteEndArray();
            return;
        }

        writer.WriteNumber("minLength", shape.MinLength);
        writer.WriteNumber("maxLength", shape.MaxLength);
        if (shape.Pattern is not null)
        {
            writer.WriteString("pattern", shape.Pattern);
        }
    }

    private void Number(NumberShape shape)
    {
        writer.WriteString("type", shape.Whole ? "integer" : "number");
        if (!shape.Allowed.IsEmpty)
        {
            writer.WriteStartArray("enum");
            foreach (var value in shape.Allowed)
            {
                writer.WriteNumberValue(value);
            }

            writer.WriteEndArray();
            return;
        }

        writer.WriteNumber(shape.AboveMin ? "exclusiveMinimum" : "minimum", shape.Min);
        writer.WriteNumber("maximum", shape.Max);
    }

    // Each keyword looks at values of its own type only.
    private void ScalarOrList()
    {
        Scalar("array");
        writer.WriteStartObject("items");
        Scalar();
        writer.WriteEndObject();
        writer.WriteNumber("maxItems", ScalarOrListShape.MaxItems);
    }

    private void Scalar(params ReadOnlySpan<string> others)
    {
        writer.WriteStartArray("type");
        writer.WriteStringValue("string");
        writer.WriteStringValue("number");
        writer.WriteStringValue("boolean");
        foreach (var other in others)
        {
            writer.WriteStringValue(other);
        }

        writer.WriteEndArray();
        writer.WriteNumber("minLength", 1);
        writer.WriteNumber("maxLength", ScalarShape.MaxLength);
    }

    private void Required(ObjectShape shape)
    {
        writer.WriteStartArray("required");
        foreach (var field in shape.Fields.Where(field => field.IsRequired && field.Aliases.IsEmpty))
        {
            writer.WriteStringValue(field.Name);
        }

        writer.WriteEndArray();
    }

    // What "required" and "properties" cannot say: fields with two spellings, and fields that depend on the word beside them.
    private void Conditions(ObjectShape shape)
    {
        var twice = shape.Fields.Where(field => !field.Aliases.IsEmpty).ToList();
        var variants = shape.Fields.Where(field => field.Shape is VariantShape).ToList();
        if (twice.Count + variants.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("allOf");
        foreach (var field in twice)
        {
            Spellings(field);
        }

        foreach (var field in variants)
        {
            Variant(shape, field, (VariantShape)field.Shape);
        }

        writer.WriteEndArray();
    }

    private void Spellings(FieldShape field)
    {
        foreach (var alias in field.Aliases)
        {
            writer.WriteStartObject();
            if (field.IsRequired)
            {
                writer.WriteStartArray("oneOf");
                HasFields(field.Name);
                HasFields(alias);
                writer.WriteEndArray();
            }
            else
            {
                writer.WritePropertyName("not");
                HasFields(field.Name, alias);
            }

            writer.WriteEndObject();
        }
    }

    private void Variant(ObjectShape owner, FieldShape field, VariantShape shape)
    {
        var words = owner.Find(shape.Discriminator)?.Shape as TextShape;
        foreach (var (word, variant) in shape.Variants)
        {
            if (words is not null && !words.Allowed.Contains(word))
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteStartObject("if");
            writer.WriteStartObject("properties");
            writer.WriteStartObject(shape.Discriminator);
            writer.WriteString("const", word);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("then");
            writer.WriteStartObject("properties");
            writer.WriteStartObject(field.Name);
            writer.WriteString("$ref", Reference(variant));
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    private void HasFields(params ReadOnlySpan<string> names)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("required");
        foreach (var name in names)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Key(ObjectShape shape) => shape.Name.Replace(' ', '_');
}
