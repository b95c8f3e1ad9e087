using System.Text;

namespace EdgeGuard.Bench.Load.Responses;

/// <summary>What a right answer looks like: a status, and headers that must be there, with a value or with any.</summary>
internal sealed class ResponseExpectation
{
    private readonly int[] _statuses;
    private readonly (byte[] Name, byte[]? Value)[] _headers;

    /// <param name="statuses">Right statuses.</param>
    /// <param name="headers"><c>Name</c>, or <c>Name: value</c> for exactly that value.</param>
    public ResponseExpectation(IEnumerable<int> statuses, IEnumerable<string> headers)
    {
        _statuses = [.. statuses];
        _headers = [.. headers.Select(header => header.Split(':', 2) is [var name, var value]
            ? (Encoding.ASCII.GetBytes(name.Trim()), Encoding.ASCII.GetBytes(value.Trim()))
            : (Encoding.ASCII.GetBytes(header.Trim()), null))];
        if (_headers.Length > 32)
        {
            throw new FormatException("at most 32 headers can be expected");
        }
    }

    /// <summary>A bit for each header; an answer is right when all were seen.</summary>
    public uint AllHeaders => (uint)((1UL << _headers.Length) - 1);

    public bool IsRight(int status) => Array.IndexOf(_statuses, status) >= 0;

    /// <summary>The bits of the expected headers that this one is.</summary>
    public uint Match(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        uint seen = 0;
        for (int i = 0; i < _headers.Length; i++)
        {
            (byte[] wanted, byte[]? wantedValue) = _headers[i];
            if (wanted.Length == name.Length && Ascii.EqualsIgnoreCase(wanted, name) && (wantedValue is null || value.SequenceEqual(wantedValue)))
            {
                seen |= 1u << i;
            }
        }

        return seen;
    }
}
