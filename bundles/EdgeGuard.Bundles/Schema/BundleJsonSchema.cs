using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGuard.Bundles.Schema;

/// <summary>The JSON Schema (draft 2020-12) of a native bundle, made from the same description that the reader validates by.</summary>
/// <remarks>
/// It holds structure: fields, types, ranges, words, patterns. Ranges of durations, real dates and everything that needs a look at
/// two values stay with the reader.
/// </remarks>
public static class BundleJsonSchema
{
    /// <summary>The schema as UTF-8 text, indented, with a closing line feed. The same bytes on every machine.</summary>
    public static byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            writer.WriteString("$id", "urn:edgeguard:bundle:v1");
            writer.WriteString("title", "EdgeGuard policy bundle");
            writer.WriteString("$ref", JsonSchemaWriter.Reference(BundleShapes.Bundle));
            writer.WriteStartObject("$defs");
            var schema = new JsonSchemaWriter(writer);
            foreach (var shape in ShapeIndex.All)
            {
                schema.Definition(shape);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
