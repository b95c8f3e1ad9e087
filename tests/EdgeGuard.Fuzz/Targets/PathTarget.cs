using System.Text;
using System.Text.Unicode;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Request targets: what is matched has one meaning, and what is forwarded means the same again.</summary>
internal sealed class PathTarget : IFuzzTarget
{
    public string Name => "path";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. "/ /a/b/c /a/../b?x=1&y=%20 /%61/./b/..//c/ /caf%C3%A9/%E2%82%AC /a;b=1/c,d@e:f".Split(' ').Select(Encoding.UTF8.GetBytes),
    ];

    public IReadOnlyList<string> Words { get; } =
        ["/../", "/./", "/..", "/.", "//", "%2e", "%2E%2e", "%2f", "%5c", "%00", "%25", "%252e", "%c0%ae", "%ed%a0%80", "..;", "\\", "?", "#", "%", "%4", "http://a/"];

    public int Run(ReadOnlySpan<byte> input)
    {
        var canonical = new byte[input.Length];
        if (!PathCanonicalizer.TryCanonicalize(input, canonical, out var written, out var queryStart))
        {
            return 1;
        }

        var path = canonical.AsSpan(0, written);
        FuzzFailure.Unless(written > 0 && path[0] == '/', "a path begins with a slash");
        FuzzFailure.Unless(Utf8.IsValid(path), "a path is UTF-8");
        FuzzFailure.Unless(path.IndexOfAny((byte)0, (byte)'\\') < 0, "a path holds no NUL and no backslash");
        FuzzFailure.Unless(queryStart < 0 || input[queryStart - 1] == '?', "a query is what follows the first question mark");
        foreach (var segment in Encoding.UTF8.GetString(path).Split('/'))
        {
            FuzzFailure.Unless(segment is not "." and not "..", "no dot segment is left");
        }

        var forwarded = Encoding.ASCII.GetBytes(PathCanonicalizer.ToTarget(path));
        var again = new byte[forwarded.Length];
        if (forwarded.Length <= PathCanonicalizer.MaxTargetBytes)
        {
            FuzzFailure.Unless(PathCanonicalizer.TryCanonicalize(forwarded, again, out var length, out _), "what is forwarded is a path");
            FuzzFailure.Unless(again.AsSpan(0, length).SequenceEqual(path), "what is forwarded is what was matched");
        }

        return 2 + Math.Min(path.Count((byte)'/'), 15) + (queryStart >= 0 ? 16 : 0) + (path.SequenceEqual(input) ? 32 : 0);
    }
}
