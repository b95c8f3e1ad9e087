namespace EdgeGuard.Bundles.Reading;

/// <summary>Reads YAML 1.2 (core schema) or JSON (RFC 8259) into <see cref="Node"/>s. JSON is told by its first character.</summary>
public static class NodeReader
{
    /// <summary>Reads a text whose format is told by the first significant character: <c>{</c> or <c>[</c> is JSON.</summary>
    public static NodeReadResult Read(ReadOnlyMemory<byte> text, string fileName, ReadLimits limits) =>
        throw new NotImplementedException();

    /// <summary>Reads JSON with <c>Utf8JsonReader</c>; the path of the edge.</summary>
    public static NodeReadResult ReadJson(ReadOnlyMemory<byte> text, string fileName, ReadLimits limits) =>
        throw new NotImplementedException();
}
