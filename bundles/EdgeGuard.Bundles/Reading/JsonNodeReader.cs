using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace EdgeGuard.Bundles.Reading;

/// <summary>JSON into nodes in one pass. The text is known to be valid UTF-8 within the size limit.</summary>
internal sealed class JsonNodeReader(ReadOnlyMemory<byte> text, ReadSession session)
{
    private readonly JsonNameTable _names = new();
    private readonly List<Node> _items = [];
    private readonly List<NodeEntry> _entries = [];
    private LineIndex _lines;

    /// <summary>The root, or null when reading had to stop.</summary>
    public Node? Read()
    {
        // One level more than allowed, so that our own check speaks first.
        var options = new JsonReaderOptions { MaxDepth = session.Limits.MaxDepth + 1, CommentHandling = JsonCommentHandling.Disallow };
        var reader = new Utf8JsonReader(text.Span, options);
        try
        {
            reader.Read();
            var root = ReadValue(ref reader);
            if (root is not null)
            {
                CheckEnd(ref reader);
            }

            return root;
        }
        catch (JsonException problem)
        {
            JsonSyntax.Report(text.Span, problem, session);
            return null;
        }
    }

    private void CheckEnd(ref Utf8JsonReader reader)
    {
        var end = (int)reader.BytesConsumed;
        var next = text.Span[end..].IndexOfAnyExcept(" \t\r\n"u8);
        if (next >= 0)
        {
            var (line, column) = _lines.Advance(text.Span, end + next);
            session.Error(
                ReadingCodes.SeveralDocuments,
                line,
                column,
                "there is more text after the end of the JSON document",
                "leave exactly one document in the file");
        }
    }

    private Node? ReadValue(ref Utf8JsonReader reader)
    {
        var (line, column) = _lines.Advance(text.Span, (int)reader.TokenStartIndex);
        if (!session.Count(1, reader.TokenType is JsonTokenType.String ? reader.ValueSpan.Length : 0, line, column))
        {
            return null;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMap(ref reader, line, column);
            case JsonTokenType.StartArray:
                return ReadList(ref reader, line, column);
            case JsonTokenType.String:
                return ReadString(ref reader, line, column);
            case JsonTokenType.Number:
                return NumberNode.Read(Encoding.ASCII.GetString(reader.ValueSpan), session, line, column);
            case JsonTokenType.True:
            case JsonTokenType.False:
                return Node.OfBoolean(reader.TokenType is JsonTokenType.True, session.At(line, column));
            default:
                return Node.OfNull(session.At(line, column));
        }
    }

    private Node? ReadMap(ref Utf8JsonReader reader, int line, int column)
    {
        if (reader.CurrentDepth >= session.Limits.MaxDepth)
        {
            session.TooDeep(line, column);
            return null;
        }

        var start = _entries.Count;
        var seen = default(DuplicateKeys);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var (keyLine, keyColumn) = _lines.Advance(text.Span, (int)reader.TokenStartIndex);
            if (!session.Count(0, reader.ValueSpan.Length, keyLine, keyColumn))
            {
                return null;
            }

            var key = ReadText(ref reader, isKey: true, keyLine, keyColumn);
            var earlier = seen.Find(_entries, start, key);
            if (earlier >= 0)
            {
                session.Duplicate(key, _entries[start + earlier].KeyLocation, keyLine, keyColumn);
            }

            session.Enter(key);
            reader.Read();
            var value = ReadValue(ref reader);
            if (value is null)
            {
                return null;
            }

            session.Leave();
            if (earlier < 0)
            {
                _entries.Add(new NodeEntry(key, session.At(keyLine, keyColumn), value));
            }
        }

        var entries = CollectionsMarshal.AsSpan(_entries)[start..].ToArray();
        CollectionsMarshal.SetCount(_entries, start);
        return Node.OfMap(entries, session.At(line, column));
    }

    private Node? ReadList(ref Utf8JsonReader reader, int line, int column)
    {
        if (reader.CurrentDepth >= session.Limits.MaxDepth)
        {
            session.TooDeep(line, column);
            return null;
        }

        var start = _items.Count;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            session.Enter(_items.Count - start);
            var item = ReadValue(ref reader);
            if (item is null)
            {
                return null;
            }

            session.Leave();
            _items.Add(item);
        }

        var items = CollectionsMarshal.AsSpan(_items)[start..].ToArray();
        CollectionsMarshal.SetCount(_items, start);
        return Node.OfList(items, session.At(line, column));
    }

    private Node ReadString(ref Utf8JsonReader reader, int line, int column) =>
        Node.OfString(ReadText(ref reader, isKey: false, line, column), session.At(line, column));

    private string ReadText(ref Utf8JsonReader reader, bool isKey, int line, int column)
    {
        string value;
        try
        {
            value = isKey ? _names.Get(ref reader) : reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The bytes are valid UTF-8, so this is an escape that is half a surrogate pair.
            session.Error(
                ReadingCodes.NotUtf8,
                line,
                column,
                "a \\u escape in this text is half of a surrogate pair and stands for no character",
                "write both halves, or the character itself");
            return string.Empty;
        }

        session.CheckLength(value, line, column);
        return value;
    }
}
