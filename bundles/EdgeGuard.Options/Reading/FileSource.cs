using System.Collections.Immutable;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Options.Definitions;

namespace EdgeGuard.Options.Reading;

/// <summary>Options from a YAML or JSON file.</summary>
internal static class FileSource
{
    public static OptionSource Read(OptionTable table, byte[] text, string fileName)
    {
        var source = new OptionSource();
        if (text.Length == 0)
        {
            return source;
        }

        var read = NodeReader.Read(text, fileName, ReadLimits.Options);
        source.Problems.AddRange(read.Diagnostics);
        if (read.Root is not { } root || root.Kind == NodeKind.Null)
        {
            return source;
        }

        if (root.Kind != NodeKind.Map)
        {
            source.Refuse(OptionsCodes.WrongType, root.Location, string.Empty, "the options file must be a map of options",
                "write lines such as `edge_id: edge-1`");
            return source;
        }

        Walk(table, root, string.Empty, source);
        return source;
    }

    private static void Walk(OptionTable table, Node map, string parent, OptionSource source)
    {
        foreach (var entry in map.Entries)
        {
            var key = parent.Length == 0 ? entry.Key : parent + "." + entry.Key;
            if (table.Find(key, out var namesFile) is { } option)
            {
                AddValue(option, namesFile ? key[..^OptionTable.FileSuffix.Length] : key, namesFile, entry.Value, source);
            }
            else if (IsSection(table, key))
            {
                Descend(table, entry, key, source);
            }
            else
            {
                var nearest = NearestName.Find(key, Candidates(table, key));
                source.Refuse(OptionsCodes.UnknownKey, entry.KeyLocation, key, "unknown option",
                    nearest is null ? "remove it; docs/configuration.md lists every option" : $"did you mean `{nearest}`?");
            }
        }
    }

    private static void Descend(OptionTable table, NodeEntry entry, string key, OptionSource source)
    {
        if (entry.Value.Kind == NodeKind.Map)
        {
            Walk(table, entry.Value, key, source);
        }
        else if (entry.Value.Kind != NodeKind.Null)
        {
            source.Refuse(OptionsCodes.WrongType, entry.Value.Location, key, "this is a section with options below it, not a value",
                $"indent its options under `{entry.Key}:`");
        }
    }

    private static void AddValue(OptionDefinition option, string key, bool namesFile, Node value, OptionSource source)
    {
        switch (value.Kind)
        {
            case NodeKind.Null:
                return; // Written without a value: not set.
            case NodeKind.Map:
                source.Refuse(OptionsCodes.WrongType, value.Location, key, "a single value is needed, not a map", Expected(option));
                return;
            case NodeKind.List when option.Kind < OptionKind.List:
                source.Refuse(OptionsCodes.WrongType, value.Location, key, "a single value is needed, not a list", Expected(option));
                return;
            case NodeKind.List:
                AddList(option, key, value, source);
                return;
            default:
                source.Add(new RawOption(option, key, [value.Text], false, value.Location, namesFile));
                return;
        }
    }

    private static void AddList(OptionDefinition option, string key, Node list, OptionSource source)
    {
        var items = ImmutableArray.CreateBuilder<string>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (item.Kind is NodeKind.Null or NodeKind.Map or NodeKind.List)
            {
                source.Refuse(OptionsCodes.WrongType, item.Location, $"{key}[{items.Count}]", "a list of plain values is needed", Expected(option));
                return;
            }

            items.Add(item.Text);
        }

        source.Add(new RawOption(option, key, items.ToImmutable(), true, list.Location, false));
    }

    private static string Expected(OptionDefinition option) => ValueParser.Expected(option);

    /// <summary>Whether options lie below the key: <c>listen</c>, <c>clusters</c>, <c>clusters.NAME</c>.</summary>
    private static bool IsSection(OptionTable table, string key)
    {
        var given = key.Split('.');
        return table.Options.Any(option =>
        {
            var levels = option.Key.Split('.');
            return levels.Length > given.Length && given.Index().All(pair => levels[pair.Index] == "*" || levels[pair.Index] == pair.Item);
        });
    }

    private static IEnumerable<string> Candidates(OptionTable table, string key)
    {
        var given = key.Split('.');
        foreach (var candidate in table.Keys())
        {
            var levels = candidate.Split('.');
            for (var level = 0; level < levels.Length && level < given.Length; level++)
            {
                levels[level] = levels[level] == "*" ? given[level] : levels[level];
            }

            yield return string.Join('.', levels);
            yield return string.Join('.', levels.Take(given.Length));
        }
    }
}
