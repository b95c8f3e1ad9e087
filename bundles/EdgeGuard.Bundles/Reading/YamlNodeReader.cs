using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EdgeGuard.Bundles.Reading;

/// <summary>YAML into nodes from the parser's events, so that every key and value keeps its place and the limits hold while it is read.</summary>
internal sealed class YamlNodeReader(string text, ReadSession session)
{
    private readonly Dictionary<string, YamlAnchor> _anchors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openAnchors = new(StringComparer.Ordinal);
    private readonly Parser _parser = new(new StringReader(text));
    private int _depth;
    private int _height;

    /// <summary>The root, or null when reading had to stop.</summary>
    public Node? Read()
    {
        try
        {
            return YamlSyntax.CheckControls(text, session) ? ReadDocument() : null;
        }
        catch (YamlException problem)
        {
            YamlSyntax.Report(text, problem, session);
            return null;
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // Defects of the parser on malformed text must not become ours.
            YamlSyntax.ReportUnknown(_parser.Current?.End ?? default, session);
            return null;
        }
    }

    private Node? ReadDocument()
    {
        while (_parser.MoveNext() && _parser.Current is StreamStart)
        {
        }

        if (_parser.Current is not DocumentStart)
        {
            session.Error(ReadingCodes.Empty, 1, 1, "the document holds nothing but comments", "write a document, or name another file");
            return null;
        }

        _parser.MoveNext();
        if (_parser.Current is Scalar { Style: ScalarStyle.Plain, Value.Length: 0 } empty && empty.Tag.IsEmpty)
        {
            var (line, column) = Place(empty.Start);
            session.Error(ReadingCodes.Empty, line, column, "the document is empty", "write a document, or name another file");
            return null;
        }

        var root = ReadNode();
        if (root is null)
        {
            return null;
        }

        while (_parser.MoveNext())
        {
            if (_parser.Current is DocumentStart next)
            {
                var (line, column) = Place(next.Start);
                session.Error(
                    ReadingCodes.SeveralDocuments,
                    line,
                    column,
                    "a second YAML document starts here",
                    "leave exactly one document in the file");
                break;
            }
        }

        return root;
    }

    /// <summary>Reads the node whose first event is current; afterwards its last event is current. Null: reading has to stop.</summary>
    private Node? ReadNode()
    {
        var current = _parser.Current!;
        var (line, column) = Place(current.Start);
        if (current is AnchorAlias alias)
        {
            return ReadAlias(alias, line, column);
        }

        var anchor = current is NodeEvent { Anchor.IsEmpty: false } anchored ? anchored.Anchor.Value : null;
        var (nodes, characters) = (session.Nodes, session.Characters);
        if (!session.Count(1, current is Scalar text ? text.Value.Length : 0, line, column))
        {
            return null;
        }

        if (anchor is not null)
        {
            _openAnchors.Add(anchor);
        }

        var outerHeight = _height;
        _height = 0;
        var node = current switch
        {
            Scalar scalar => YamlScalar.Read(scalar, session, line, column),
            MappingStart map => ReadMap(map, line, column),
            SequenceStart list => ReadList(list, line, column),
            _ => null,
        };
        if (node is not null && anchor is not null)
        {
            _openAnchors.Remove(anchor);
            _anchors[anchor] = new YamlAnchor(node, session.Nodes - nodes, session.Characters - characters, _height);
        }

        _height = Math.Max(outerHeight, _height);
        return node;
    }

    private Node? ReadAlias(AnchorAlias alias, int line, int column)
    {
        var name = alias.Value.Value;
        if (_openAnchors.Contains(name) || !_anchors.TryGetValue(name, out var anchor))
        {
            session.Error(
                ReadingCodes.BadAlias,
                line,
                column,
                _openAnchors.Contains(name) ? $"alias '*{ReadSession.Shorten(name)}' stands inside what it repeats" : $"there is no anchor '&{ReadSession.Shorten(name)}' before this alias",
                "name an anchor that is complete before this line, or quote the text if a plain * was meant");
            return session.Count(1, 0, line, column) ? Node.OfNull(session.At(line, column)) : null;
        }

        if (_depth + anchor.Height > session.Limits.MaxDepth)
        {
            session.TooDeep(line, column);
            return null;
        }

        _height = Math.Max(_height, anchor.Height);
        return session.Count(anchor.Nodes, anchor.Characters, line, column) ? anchor.Node : null;
    }

    private Node? ReadMap(MappingStart map, int line, int column)
    {
        if (!Descend(map.Tag, "tag:yaml.org,2002:map", line, column))
        {
            return null;
        }

        var entries = new List<NodeEntry>();
        var seen = default(DuplicateKeys);
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var (keyLine, keyColumn) = Place(_parser.Current!.Start);
            var key = ReadKey(keyLine, keyColumn, out var stop);
            if (stop)
            {
                return null;
            }

            var earlier = key is null ? -1 : seen.Find(entries, 0, key);
            if (earlier >= 0)
            {
                session.Duplicate(key!, entries[earlier].KeyLocation, keyLine, keyColumn);
            }

            _parser.MoveNext();
            session.Enter(key ?? "?");
            var value = ReadNode();
            if (value is null)
            {
                return null;
            }

            session.Leave();
            if (key is not null && earlier < 0)
            {
                entries.Add(new NodeEntry(key, session.At(keyLine, keyColumn), value));
            }
        }

        Ascend();
        return Node.OfMap(entries.ToArray(), session.At(line, column));
    }

    private Node? ReadList(SequenceStart list, int line, int column)
    {
        if (!Descend(list.Tag, "tag:yaml.org,2002:seq", line, column))
        {
            return null;
        }

        var items = new List<Node>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            session.Enter(items.Count);
            var item = ReadNode();
            if (item is null)
            {
                return null;
            }

            session.Leave();
            items.Add(item);
        }

        Ascend();
        return Node.OfList(items.ToArray(), session.At(line, column));
    }

    /// <summary>The key's text, or null when it cannot be one (with a finding; its events are consumed).</summary>
    private string? ReadKey(int line, int column, out bool stop)
    {
        stop = false;
        if (_parser.Current is Scalar { Style: ScalarStyle.Plain, Value: "<<" })
        {
            session.Error(
                ReadingCodes.MergeKeyRefused,
                line,
                column,
                "merge keys (<<) are not part of YAML 1.2 and are not supported",
                "write the fields out, or use an alias for the whole value (key: *name)");
            return null;
        }

        var isScalar = _parser.Current is Scalar or AnchorAlias;
        var empty = _parser.Current is Scalar { Style: ScalarStyle.Plain, Value.Length: 0 };
        var node = ReadNode();
        stop = node is null;
        if (node is null)
        {
            return null;
        }

        if (!isScalar || empty || node.Kind is NodeKind.List or NodeKind.Map)
        {
            session.Error(
                ReadingCodes.BadKey,
                line,
                column,
                empty ? "a key is missing before the colon" : "a key must be one text, not a list or a map",
                empty ? "write the key" : "quote the text if it starts with [ or {, such as \"${env:NAME}\" or \"{id}\"");
            return null;
        }

        return node.Kind is NodeKind.Null ? "null" : node.Text;
    }

    private bool Descend(TagName tag, string coreTag, int line, int column)
    {
        if (_depth >= session.Limits.MaxDepth)
        {
            session.TooDeep(line, column);
            return false;
        }

        _depth++;
        if (!tag.IsEmpty && !tag.IsNonSpecific && tag.Value != coreTag)
        {
            YamlScalar.RefuseTag(tag, session, line, column);
        }

        return true;
    }

    private void Ascend()
    {
        _depth--;
        _height++;
    }

    private static (int Line, int Column) Place(Mark mark) => ((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
