using System.Text;

namespace EdgeGuard.Engine.Counters;

/// <summary>Texts in the name of a counter: length first, so that no two lists of texts read alike.</summary>
internal static class KeyText
{
    /// <summary>Takes a text; allocates, for names that are hashed once a bundle.</summary>
    public static void Append(ref SipHash hash, string text) => Append(ref hash, Encoding.UTF8.GetBytes(text));

    /// <summary>Takes the bytes of a text.</summary>
    public static void Append(ref SipHash hash, ReadOnlySpan<byte> text)
    {
        hash.Append((ulong)(uint)text.Length);
        hash.AppendPadded(text);
    }
}
