using EdgeGuard.Engine.Addresses;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Files of networks, the first byte telling of which kind: however they are cut, the same list or the same problems.</summary>
internal sealed class AddressListTarget : IFuzzTarget
{
    private static readonly IpValue[] Asked = [.. new[] { "192.0.2.1", "10.0.0.1", "255.255.255.255", "0.0.0.0", "2001:db8::1", "::", "::ffff:192.0.2.1" }
        .Select(text => IpValue.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var address) ? address : throw new FormatException(text))];

    public string Name => "address-list";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        "0192.0.2.0/24 DE\n2001:db8::/32,FR # comment\n10.0.0.0/8 -\n"u8.ToArray(),
        "1192.0.2.0/24 64500\n::/0 AS64501\r\n0.0.0.0/0 1\n"u8.ToArray(),
        "2AS64500 hosting\n192.0.2.1 mobile\n2001:db8::1/128\tresidential\n"u8.ToArray(),
        "3192.0.2.1\n::ffff:192.0.2.0/120\n2001:db8::/33\n"u8.ToArray(),
    ];

    public IReadOnlyList<string> Words { get; } =
        ["\n", "\r\n", " ", ",", "#", "/0", "/32", "/33", "/128", "::", "::ffff:", "1.2.3.4", "255.255.255.255/32", "fe80::1%eth0", "AS", "DE", "hosting", "-", "\uFEFF", "010.1.1.1"];

    public int Run(ReadOnlySpan<byte> input)
    {
        var kind = (AddressListKind)(input.IsEmpty ? 0 : input[0] & 3);
        var text = input.IsEmpty ? input : input[1..];
        var reader = new AddressListReader(kind, "fuzz");
        reader.Feed(text);
        var whole = reader.Finish(out var findings);
        var other = new AddressListReader(kind, "fuzz");
        Cuts.Feed(text, piece => other.Feed(piece));
        var cut = other.Finish(out var others);
        FuzzFailure.Unless(findings.SequenceEqual(others) && whole?.Entries == cut?.Entries, "cuts make no difference");
        FuzzFailure.Unless((whole is null) == (findings.Length > 0), "a file is refused for a reason, and for a reason only");
        var outcome = findings.Length;
        foreach (var address in Asked)
        {
            var value = whole?.Find(address) ?? 0;
            FuzzFailure.Unless(value == (cut?.Find(address) ?? 0), "cuts make no difference to what is found");
            outcome = unchecked((outcome * 7) + (int)value) & 0x7FF;
        }

        return outcome;
    }
}
