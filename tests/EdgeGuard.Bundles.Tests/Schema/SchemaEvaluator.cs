using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeGuard.Bundles.Tests.Schema;

/// <summary>Evaluates the keywords of JSON Schema 2020-12 that our schema uses. A keyword it does not know fails the test.</summary>
internal sealed class SchemaEvaluator(JsonElement root)
{
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "$defs", "title", "description"];

    // More patterns than the framework keeps by itself, and each is asked thousands of times.
    private readonly Dictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    public bool Accepts(JsonElement value) => Accepts(root, value);

    private bool Accepts(JsonElement schema, JsonElement value) => schema.EnumerateObject().All(keyword => Keyword(schema, keyword, value));

    private bool Keyword(JsonElement schema, JsonProperty keyword, JsonElement value)
    {
        var isMap = value.ValueKind == JsonValueKind.Object;
        var isList = value.ValueKind == JsonValueKind.Array;
        var isText = value.ValueKind == JsonValueKind.String;
        var isNumber = value.ValueKind == JsonValueKind.Number;
        var argument = keyword.Value;
        return keyword.Name switch
        {
            _ when Annotations.Contains(keyword.Name) => true,
            "$ref" => Accepts(root.GetProperty("$defs").GetProperty(argument.GetString()!["#/$defs/".Length..]), value),
            "type" => argument.ValueKind == JsonValueKind.Array ? argument.EnumerateArray().Any(t => IsType(t.GetString()!, value)) : IsType(argument.GetString()!, value),
            "const" => JsonElement.DeepEquals(argument, value),
            "enum" => argument.EnumerateArray().Any(option => JsonElement.DeepEquals(option, value)),
            "not" => !Accepts(argument, value),
            "allOf" => argument.EnumerateArray().All(part => Accepts(part, value)),
            "anyOf" => argument.EnumerateArray().Any(part => Accepts(part, value)),
            "oneOf" => argument.EnumerateArray().Count(part => Accepts(part, value)) == 1,
            "if" => !Accepts(argument, value) || !schema.TryGetProperty("then", out var then) || Accepts(then, value),
            "then" => true,
            "required" => !isMap || argument.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "properties" => !isMap || value.EnumerateObject().All(p => !argument.TryGetProperty(p.Name, out var part) || Accepts(part, p.Value)),
            "additionalProperties" => !isMap || value.EnumerateObject().All(p => IsListed(schema, p.Name) || AcceptsOther(argument, p.Value)),
            "propertyNames" => !isMap || value.EnumerateObject().All(p => Accepts(argument, JsonSerializer.SerializeToElement(p.Name))),
            "maxProperties" => !isMap || value.EnumerateObject().Count() <= argument.GetInt32(),
            "items" => !isList || value.EnumerateArray().All(item => Accepts(argument, item)),
            "minItems" => !isList || value.GetArrayLength() >= argument.GetInt32(),
            "maxItems" => !isList || value.GetArrayLength() <= argument.GetInt32(),
            "uniqueItems" => !isList || value.EnumerateArray().Select(item => item.GetRawText()).Distinct(StringComparer.Ordinal).Count() == value.GetArrayLength(),
            "minLength" => !isText || value.GetString()!.Length >= argument.GetInt32(),
            "maxLength" => !isText || value.GetString()!.Length <= argument.GetInt32(),
            "pattern" => !isText || Pattern(argument.GetString()!).IsMatch(value.GetString()!),
            "minimum" => !isNumber || value.GetDouble() >= argument.GetDouble(),
            "exclusiveMinimum" => !isNumber || value.GetDouble() > argument.GetDouble(),
            "maximum" => !isNumber || value.GetDouble() <= argument.GetDouble(),
            _ => throw new InvalidOperationException($"the schema uses {keyword.Name}, which this evaluator does not know"),
        };
    }

    private bool AcceptsOther(JsonElement argument, JsonElement value) => argument.ValueKind != JsonValueKind.False && Accepts(argument, value);

    private static bool IsListed(JsonElement schema, string name) => schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static bool IsType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && Math.Floor(value.GetDouble()) == value.GetDouble(),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => throw new InvalidOperationException("unknown type " + type),
    };

    private Regex Pattern(string text)
    {
        if (!_patterns.TryGetValue(text, out var pattern))
        {
            pattern = new Regex(text, RegexOptions.ECMAScript, TimeSpan.FromSeconds(5));
            _patterns.Add(text, pattern);
        }

        return pattern;
    }
}
