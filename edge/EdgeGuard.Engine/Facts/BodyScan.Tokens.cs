using System.Buffers;
using EdgeGuard.Engine.Facts.Tokens;

namespace EdgeGuard.Engine.Facts;

/// <content>Tokens: what texts and tools add to the prompt.</content>
internal ref partial struct BodyScan
{
    /// <summary>Signs between a name or value of JSON and the next, which are one token to most vocabularies.</summary>
    private const int JsonSigns = 1;

    private const int StackBytes = 512;

    /// <summary>Exact tokens of texts and tools, where they are counted.</summary>
    public readonly long ExactTokens => _exact;

    private void TakeText(ReadOnlySpan<byte> raw)
    {
        if (_counter is null)
        {
            Text.Add(raw, _reader.ValueIsEscaped);
            Units.Add(raw, _reader.ValueIsEscaped);
            return;
        }

        _exact += CountExactly(raw, _reader.ValueIsEscaped);
    }

    // Providers give tools to their models in forms of their own; their JSON comes close.
    private void TakeTool(scoped ReadOnlySpan<byte> raw)
    {
        if (_counter is null)
        {
            Units.AddJson(raw, _reader.ValueIsEscaped);
            return;
        }

        _exact += CountExactly(raw, _reader.ValueIsEscaped) + JsonSigns;
    }

    private readonly long CountExactly(scoped ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped)
        {
            return _counter!.Count(raw);
        }

        byte[]? rented = null;
        Span<byte> text = raw.Length <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        var count = _counter!.Count(text[..JsonText.Unescape(raw, text)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return count;
    }
}
