using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>Holds a document to a schema: the few words of JSON Schema that the files in <c>Shapes</c> use. A word that it does not know is an error of the schema.</summary>
/// <param name="root">The schema's file.</param>
internal sealed class ShapeCheck(JsonObject root)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<string> _problems = [];

    /// <summary>Everything in which a document is not as its schema says.</summary>
    public static List<string> Problems(JsonObject schema, JsonObject document)
    {
        var check = new ShapeCheck(schema);
        check.Check(document);
        return check._problems;
    }

    // A file of Kubernetes resources has a schema for the spec of each kind; every other is one schema.
    private void Check(JsonObject document)
    {
        if (root["kinds"] is not JsonObject kinds)
        {
            Look(root, document, "$");
            return;
        }

        var kind = $"{document["apiVersion"]} {document["kind"]}";
        if (kinds[kind] is not JsonObject spec)
        {
            _problems.Add($"$: there is no {kind}");
            return;
        }

        foreach (var (name, _) in document)
        {
            if (name is not ("apiVersion" or "kind" or "metadata" or "spec"))
            {
                _problems.Add($"$.{name}: unknown");
            }
        }

        var metadata = document["metadata"] as JsonObject ?? [];
        _problems.AddRange(metadata.Where(field => field.Key is not ("name" or "namespace" or "labels")).Select(field => $"$.metadata.{field.Key}: unknown"));
        if (metadata.Count == 0 && !kind.Contains("IstioOperator", StringComparison.Ordinal))
        {
            _problems.Add("$.metadata: missing");
        }

        Look(spec, document["spec"], "$.spec");
    }

    private void Look(JsonObject schema, JsonNode? value, string path)
    {
        foreach (var (word, says) in schema)
        {
            Hold(word, says!, schema, value, path);
        }
    }

    private void Hold(string word, JsonNode says, JsonObject schema, JsonNode? value, string path)
    {
        switch (word)
        {
            case "$comment" or "$defs":
                break;
            case "$ref":
                Look(root["$defs"]![says.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), value, path);
                break;
            case "type":
                Expect(TypeOf(value) == (string)says!, path, $"is {TypeOf(value)}, not {says}");
                break;
            case "const":
                Expect(JsonNode.DeepEquals(says, value), path, $"is not {says}");
                break;
            case "enum":
                Expect(says.AsArray().Any(one => JsonNode.DeepEquals(one, value)), path, $"is none of {says.ToJsonString()}");
                break;
            case "pattern":
                Expect(TypeOf(value) == "string" && Regex.IsMatch((string)value!, (string)says!, RegexOptions.None, Patience), path, $"does not match {says}");
                break;
            case "minimum":
                Expect(TypeOf(value) == "integer" && (long)value! >= Number(says), path, $"is below {says}");
                break;
            case "maximum":
                Expect(TypeOf(value) == "integer" && (long)value! <= Number(says), path, $"is above {says}");
                break;
            case "minItems":
                Expect(value is JsonArray list && list.Count >= Number(says), path, $"has fewer than {says} items");
                break;
            case "items":
                Each(value as JsonArray ?? [], (item, index) => Look(says.AsObject(), item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")));
                break;
            case "required":
                Each(says.AsArray(), (name, _) => Expect((value as JsonObject)?.ContainsKey((string)name!) == true, path, $"has no {name}"));
                break;
            case "properties":
                LookAtKnown(says.AsObject(), value as JsonObject ?? [], path);
                break;
            case "additionalProperties":
                LookAtOthers(says, schema["properties"] as JsonObject ?? [], value as JsonObject ?? [], path);
                break;
            default:
                throw new InvalidOperationException($"the schema says {word}, which is not known here");
        }
    }

    private void LookAtKnown(JsonObject known, JsonObject value, string path)
    {
        foreach (var (name, field) in value)
        {
            if (known[name] is JsonObject schema)
            {
                Look(schema, field, $"{path}.{name}");
            }
        }
    }

    private void LookAtOthers(JsonNode says, JsonObject known, JsonObject value, string path)
    {
        foreach (var (name, field) in value)
        {
            if (known.ContainsKey(name) || says.GetValueKind() == JsonValueKind.True)
            {
                continue;
            }

            if (says is JsonObject schema)
            {
                Look(schema, field, $"{path}.{name}");
            }
            else
            {
                _problems.Add($"{path}.{name}: unknown");
            }
        }
    }

    private void Expect(bool holds, string path, string otherwise)
    {
        if (!holds)
        {
            _problems.Add($"{path}: {otherwise}");
        }
    }

    private static void Each(JsonArray items, Action<JsonNode?, int> look)
    {
        for (var i = 0; i < items.Count; i++)
        {
            look(items[i], i);
        }
    }

    // A number in a schema's file is one of JSON's; one of a document was made here.
    private static long Number(JsonNode says) => says.AsValue().GetValue<JsonElement>().GetInt64();

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "integer",
            _ => "boolean",
        },
    };
}
