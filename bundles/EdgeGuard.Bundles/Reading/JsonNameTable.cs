using System.Text.Json;

namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// Keys repeat thousands of times in a bundle: one string for each, found without decoding (a bundle of 10 000 policies has about
/// 300 000 keys and 40 different ones).
/// </summary>
internal sealed class JsonNameTable
{
    private const int Slots = 512;
    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The text of the name the reader is at.</summary>
    public string Get(ref Utf8JsonReader reader)
    {
        var bytes = reader.ValueSpan;
        if (reader.ValueIsEscaped || bytes.Length is 0 or > 64)
        {
            return reader.GetString()!;
        }

        var hash = (uint)bytes.Length * 31;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0x01000193;
        }

        ref var slot = ref _slots[(hash ^ (hash >> 16)) & (Slots - 1)];
        if (slot is null || !reader.ValueTextEquals(slot))
        {
            slot = reader.GetString()!;
        }

        return slot;
    }
}
