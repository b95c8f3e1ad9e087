using System.Buffers;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>Reads one header or trailer line (RFC 9112 section 5): a name of token characters, a colon right after it, a value without control characters.</summary>
internal static class FieldLine
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // All control characters but the tab.
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c != '\t').Select(c => (byte)c), 0x7F]);

    /// <summary>Whether there is nothing in a value that could end it, or that no value may have.</summary>
    public static bool IsValue(ReadOnlySpan<byte> value) => !value.ContainsAny(Controls);

    /// <summary>Reads a line; false for one that breaks the rules, as one that continues the line before it does.</summary>
    /// <param name="head">What the line stands in.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its length without its end.</param>
    /// <param name="field">What it holds.</param>
    public static bool TryRead(ReadOnlySpan<byte> head, int start, int length, out ResponseField field)
    {
        field = default;
        var line = head.Slice(start, length);
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes))
        {
            return false;
        }

        var value = colon + 1;
        var end = length;
        while (value < end && line[value] is (byte)' ' or (byte)'\t')
        {
            value++;
        }

        while (end > value && line[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        field = new ResponseField(start, colon, start + value, end - value);
        return IsValue(line[value..end]);
    }
}
