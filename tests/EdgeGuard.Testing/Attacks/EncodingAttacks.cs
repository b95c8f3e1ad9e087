namespace EdgeGuard.Testing.Attacks;

/// <summary>Parts that are missing, too many, or written in another way than the one of RFC 7515.</summary>
internal static class EncodingAttacks
{
    private static readonly string[] Shapes =
    [
        ".", "..", "...", "a", "a.b", "a.b.c", "a..", ".a.", "..a", "{h}", "{h}.{p}", "{h}.{p}.", "{h}..{s}", ".{p}.{s}", "{h}.{p}.{s}.", ".{h}.{p}.{s}", "{h}.{p}.{s}.{s}",
        "{h}.{p}.{s}.{p}.{s}", "{h}.{p}..{s}", "{h}={p}.{s}", "{h}=.{p}.{s}", "{h}.{p}==.{s}", "{h}.{p}.{s}=", "{h}.{p}.{s}==", "{h}+.{p}.{s}", "{h}.{p}/.{s}", "{h}.{p}.{s}+/",
        "{h}.{p}.{s}%2E", "{h}%2E{p}%2E{s}", "{h}.{p} .{s}", "{h}. {p}.{s}", "{h}.{p}.{s}*", "{h}.{p}.{s}~", "{h},{p},{s}", "{h}:{p}:{s}", "{h}/{p}/{s}", "[{h}.{p}.{s}]",
        "{\"payload\":\"{p}\",\"protected\":\"{h}\",\"signature\":\"{s}\"}",
    ];

    public static IEnumerable<TokenAttack> All =>
    [
        .. Shapes.Select(shape => new TokenAttack($"written as {shape}", "malformed", scene => Write(shape, scene))),
        .. Enumerable.Range(0, 3).Select(part => new TokenAttack($"unused bits set in part {part}", "malformed", scene => WithUnusedBits(scene, part))),
        new("one character cut off", "malformed", scene => scene.Good()[..^1]),
        new("two characters cut off", "bad_signature", scene => scene.Good()[..^2]),
        new("full stops of another script", "malformed", scene => scene.Good().Replace('.', '\u3002'), FitsHttp: false),
        new("letters of full width", "malformed", scene => "\uff45" + scene.Good()[1..], FitsHttp: false),
        new("zero-width blank inside", "malformed", scene => scene.Good().Insert(9, "\u200b"), FitsHttp: false),
        new("line end inside", "malformed", scene => scene.Good().Insert(9, "\r\n"), FitsHttp: false),
        new("NUL inside", "malformed", scene => scene.Good().Insert(9, "\0"), FitsHttp: false),
        new("NUL behind", "malformed", scene => scene.Good() + "\0", FitsHttp: false),
        new("tab inside", "malformed", scene => scene.Good().Insert(9, "\t")),
        new("header of 9000 characters", "too_large", scene => new string('A', 9000) + "." + scene.Good()),
        new("token one longer than the longest", "too_large", _ => new string('A', 4000) + "." + new string('A', 4000) + "." + new string('A', 191)),
        new("token of dots", "malformed", _ => new string('.', 8000)),
        new("token of 8192 letters", "malformed", _ => new string('A', 4000) + "." + new string('A', 4000) + "." + new string('A', 190)),
    ];

    private static string Write(string shape, AttackScene scene)
    {
        string[] good = scene.Good().Split('.');
        return shape.Replace("{h}", good[0], StringComparison.Ordinal).Replace("{p}", good[1], StringComparison.Ordinal).Replace("{s}", good[2], StringComparison.Ordinal);
    }

    // A part whose last character has bits beyond the last byte; another character with the same first bits reads the same in a lax decoder.
    private static string WithUnusedBits(AttackScene scene, int part)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int filler = 0; ; filler++)
        {
            string[] parts = (part == 0 ? scene.WithMembers($"\"x\":\"{new string('x', filler)}\"") : scene.With("x", new string('x', filler))).Split('.');
            if (parts[part].Length % 4 != 0)
            {
                int last = Alphabet.IndexOf(parts[part][^1], StringComparison.Ordinal);
                parts[part] = parts[part][..^1] + Alphabet[last + 1];
                return string.Join('.', parts);
            }
        }
    }
}
