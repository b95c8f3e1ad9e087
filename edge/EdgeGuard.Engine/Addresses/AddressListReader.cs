using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Engine.Addresses;

/// <summary>
/// Reads a list of networks, fed piece by piece: one network a line, a value after blanks or a comma, comments from <c>#</c>. Bounded in everything;
/// tells every bad line up to a bound, and then there is no list.
/// </summary>
/// <param name="kind">What the list tells.</param>
/// <param name="name">Name of the file, for findings.</param>
public sealed class AddressListReader(AddressListKind kind, string name)
{
    /// <summary>Most networks of one list: the whole routing table has about 1.2 million.</summary>
    public const int MaxEntries = 4_000_000;

    /// <summary>Largest file in bytes.</summary>
    public const long MaxBytes = 512L * 1024 * 1024;

    /// <summary>Longest line in bytes.</summary>
    public const int MaxLineBytes = 1024;

    /// <summary>Most findings told; the others are counted.</summary>
    public const int MaxFindings = 20;

    private readonly RangeTableBuilder<uint> _v4 = new();
    private readonly RangeTableBuilder<UInt128> _v6 = new();
    private readonly Dictionary<uint, (uint Value, int Line)> _systems = [];
    private readonly List<Diagnostic> _findings = [];
    private readonly byte[] _partial = new byte[MaxLineBytes];
    private int _partialLength;
    private long _bytes;
    private int _line;
    private long _untold;
    private bool _overlong;
    private bool _full;

    private int Entries => _v4.Count + _v6.Count + _systems.Count;

    /// <summary>Takes the next piece of the file. False when reading on is useless: the file is too large.</summary>
    public bool Feed(ReadOnlySpan<byte> piece)
    {
        _bytes += piece.Length;
        if (_bytes > MaxBytes)
        {
            TooLarge("512 MiB");
        }

        while (!_full && !piece.IsEmpty)
        {
            var end = piece.IndexOf((byte)'\n');
            Keep(end < 0 ? piece : piece[..end]);
            piece = end < 0 ? default : piece[(end + 1)..];
            if (end >= 0)
            {
                EndLine();
            }
        }

        return !_full;
    }

    /// <summary>The list, or null with everything that is wrong with it.</summary>
    public AddressList? Finish(out ImmutableArray<Diagnostic> findings)
    {
        if (_partialLength > 0 || _overlong)
        {
            EndLine();
        }

        var v4 = _v4.Build(Contradict);
        var v6 = _v6.Build(Contradict);
        if (_untold > 0)
        {
            _findings.Add(Problem(AddressListCodes.BadLine, 0, $"{_untold} more lines are wrong", "correct those above first"));
        }

        findings = [.. _findings];
        return _findings.Count > 0 ? null : new AddressList(kind, v4, v6, Systems(), Entries);
    }

    private FrozenDictionary<uint, uint> Systems()
    {
        var systems = new Dictionary<uint, uint>(_systems.Count);
        foreach (var (system, (value, _)) in _systems)
        {
            systems.Add(system, value);
        }

        return systems.ToFrozenDictionary();
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        _overlong |= _partialLength + part.Length > MaxLineBytes;
        if (!_overlong)
        {
            part.CopyTo(_partial.AsSpan(_partialLength));
            _partialLength += part.Length;
        }
    }

    private void EndLine()
    {
        _line++;
        var line = _partial.AsSpan(0, _partialLength);
        if (_overlong)
        {
            Bad($"the line is longer than {MaxLineBytes} bytes", "write one network on each line");
        }
        else
        {
            ReadLine(line);
        }

        _partialLength = 0;
        _overlong = false;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (_line == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        var comment = line.IndexOf((byte)'#');
        line = comment < 0 ? line : line[..comment];
        var network = TakeWord(ref line);
        if (network.IsEmpty)
        {
            return;
        }

        var text = TakeWord(ref line);
        if (!TakeWord(ref line).IsEmpty)
        {
            Bad("there is more on the line than a network and a value", "put what is for people after a #");
            return;
        }

        var value = AddressValue.Yes;
        var isValue = kind == AddressListKind.Tor ? text.IsEmpty : text.SequenceEqual("-"u8) || AddressValue.TryParse(kind, text, out value);
        if (!isValue)
        {
            Bad(text.IsEmpty ? "the line has no value" : $"{Quoted(text)} is no value of {FactName}", AddressValue.Expected(kind));
            return;
        }

        Add(network, kind != AddressListKind.Tor && text.SequenceEqual("-"u8) ? AddressValue.None : value);
    }

    private void Add(ReadOnlySpan<byte> network, uint value)
    {
        if (Entries >= MaxEntries)
        {
            TooLarge("4 million networks");
        }
        else if (kind == AddressListKind.Type && network.Length > 2 && (network[0] | 0x20) == 'a' && (network[1] | 0x20) == 's')
        {
            AddSystem(network, value);
        }
        else if (!TryParseNetwork(network, out var address, out var length, out var problem))
        {
            Bad($"{Quoted(network)} {problem}", "write an address or a network such as 192.0.2.0/24 or 2001:db8::/32");
        }
        else if (address.IsV4)
        {
            var start = (uint)address.Bits;
            _v4.Add(new PrefixEntry<uint>(start, length == 0 ? uint.MaxValue : start | (uint)((1UL << (32 - length)) - 1), value, _line));
        }
        else
        {
            _v6.Add(new PrefixEntry<UInt128>(address.Bits, address.Bits | ~IpValue.Mask(length), value, _line));
        }
    }

    private void AddSystem(ReadOnlySpan<byte> text, uint value)
    {
        if (!AddressValue.TryParseAsn(text, out var system))
        {
            Bad($"{Quoted(text)} is no autonomous system", AddressValue.Expected(AddressListKind.Asn));
        }
        else if (_systems.TryGetValue(system, out var before) && before.Value != value)
        {
            Contradict(before.Line, _line);
        }
        else
        {
            _systems[system] = (value, _line);
        }
    }

    private static bool TryParseNetwork(ReadOnlySpan<byte> text, out IpValue address, out int length, out string problem)
    {
        problem = "is no address and no network";
        length = 0;
        var slash = text.IndexOf((byte)'/');
        if (!IpText.TryParse(slash < 0 ? text : text[..slash], out address, out var mapped))
        {
            return false;
        }

        var bits = address.IsV4 ? 32 : IpValue.MaxPrefix;
        length = bits;
        if (slash >= 0 && !TryParseLength(text[(slash + 1)..], mapped ? IpValue.MaxPrefix - 32 : 0, bits, out length))
        {
            return false;
        }

        problem = "has bits set behind its prefix";
        var host = address.IsV4 ? (UInt128)((1UL << (32 - length)) - 1) : ~IpValue.Mask(length);
        return (address.Bits & host) == 0;
    }

    // A network of mapped addresses is the IPv4 network that they stand for; one that reaches beyond them is neither.
    private static bool TryParseLength(ReadOnlySpan<byte> text, int mapped, int bits, out int length)
    {
        length = 0;
        if (text.Length is 0 or > 3 || text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }

        foreach (var digit in text)
        {
            length = (length * 10) + digit - '0';
        }

        length -= mapped;
        return length >= 0 && length <= bits;
    }

    // Blanks, tabs, a carriage return and commas stand between words.
    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> line)
    {
        var start = line.IndexOfAnyExcept(" \t\r,"u8);
        if (start < 0)
        {
            line = default;
            return default;
        }

        line = line[start..];
        var end = line.IndexOfAny(" \t\r,"u8);
        var word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[end..];
        return word;
    }

    private string FactName => kind switch
    {
        AddressListKind.Country => "ip:country",
        AddressListKind.Asn => "ip:asn",
        AddressListKind.Type => "ip:type",
        _ => "ip:tor",
    };

    // Short, and nothing that a terminal would act on.
    private static string Quoted(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder("`");
        foreach (var c in text[..Math.Min(text.Length, 50)])
        {
            shown.Append(c is >= (byte)' ' and <= (byte)'~' ? (char)c : '?');
        }

        return shown.Append(text.Length > 50 ? "...`" : "`").ToString();
    }

    private void Contradict(int earlier, int later)
    {
        Tell(Problem(AddressListCodes.Contradiction, later, $"the line says something else than line {earlier} of the same network", "keep one of them"));
    }

    private void TooLarge(string bound)
    {
        if (!_full)
        {
            _full = true;
            _findings.Add(Problem(AddressListCodes.TooLarge, _line, $"the file has more than {bound}", "leave out what no rule needs, or join networks"));
        }
    }

    private void Bad(string message, string fix) => Tell(Problem(AddressListCodes.BadLine, _line, message, fix));

    private void Tell(Diagnostic problem)
    {
        if (_findings.Count < MaxFindings)
        {
            _findings.Add(problem);
        }
        else
        {
            _untold++;
        }
    }

    private Diagnostic Problem(string code, int line, string message, string fix) =>
        new(code, Severity.Error, new SourceLocation(name, line, line == 0 ? 0 : 1), string.Empty, message, fix);
}
