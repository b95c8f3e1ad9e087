using System.Text.Json;

namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Walks one JSON object to its end and finds names that are there twice, at every depth. Parsers differ in which of two equal names counts; the
/// gateway and the application behind it must not see different claims. Ends at the first member or item beyond <see cref="MemberNames.MaxMembers"/>.
/// </summary>
internal static class StrictJson
{
    /// <summary>Deepest nesting read. Tokens of common providers have 4.</summary>
    public const int MaxDepth = 16;

    public delegate void MemberReader(string name, Utf8JsonReader value);

    /// <summary>Null for a good object, or the failure. What comes before it has been read.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="member">Told of each member of the object itself, with a reader that stands on its value and may be moved.</param>
    /// <param name="claims">Takes all members in by their path, or null.</param>
    public static string? Read(ReadOnlySpan<byte> json, MemberReader member, ClaimCollector? claims)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return TokenFailures.Malformed;
            }

            var names = new MemberNames();
            var isUnique = ReadObject(ref reader, new Walk(names, claims), null, 1, member);
            if (names.IsOverfull)
            {
                return TokenFailures.TooLarge;
            }

            // Anything behind the object makes this throw.
            return reader.Read() ? TokenFailures.Malformed : isUnique ? null : TokenFailures.Duplicate;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return TokenFailures.Malformed;
        }
    }

    // From the start of an object to its end; false when a name in it is there twice.
    private static bool ReadObject(ref Utf8JsonReader reader, in Walk walk, string? path, int step, MemberReader? member)
    {
        var isUnique = true;
        var begin = walk.Names.Begin();
        HashSet<string>? many = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && walk.Names.Count())
        {
            var name = reader.GetString()!;
            isUnique &= walk.Names.Add(begin, name, ref many);
            reader.Read();
            member?.Invoke(name, reader);
            var own = walk.Claims is null ? null : ClaimCollector.PathOf(path, name, step);
            walk.Names.Count((own?.Length ?? 0) / MemberNames.PathOfMember);
            isUnique &= ReadMember(ref reader, walk, own, step);
        }

        walk.Names.End(begin);
        return isUnique;
    }

    private static bool ReadMember(ref Utf8JsonReader reader, in Walk walk, string? path, int step)
    {
        string? value = null;
        HashSet<string>? list = null;
        bool isUnique;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                isUnique = ReadObject(ref reader, walk, path, step + 1, null);
                break;
            case JsonTokenType.StartArray:
                (isUnique, list) = ReadArray(ref reader, walk);
                break;
            default:
                (isUnique, value) = (true, JsonScalar.Read(ref reader));
                break;
        }

        if (path is not null)
        {
            walk.Claims?.Add(path, step, value, list);
        }

        return isUnique;
    }

    // The items, or null when one of them is no scalar.
    private static (bool IsUnique, HashSet<string>? Items) ReadArray(ref Utf8JsonReader reader, in Walk walk)
    {
        var isUnique = true;
        HashSet<string>? items = new(StringComparer.Ordinal);
        walk.Names.Count(MemberNames.CostOfList);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && walk.Names.Count())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    isUnique &= ReadObject(ref reader, walk, null, 2, null);
                    items = null;
                    break;
                case JsonTokenType.StartArray:
                    isUnique &= ReadArray(ref reader, walk).IsUnique;
                    items = null;
                    break;
                default:
                    if (JsonScalar.Read(ref reader) is { } item)
                    {
                        items?.Add(item);
                    }
                    else
                    {
                        items = null;
                    }

                    break;
            }
        }

        return (isUnique, items);
    }

    private readonly record struct Walk(MemberNames Names, ClaimCollector? Claims);
}
