using System.Collections.Immutable;
using System.Text;

namespace EdgeGuard.Engine.Compile;

/// <summary>Names of models or tools, each exact or the beginning of one.</summary>
internal sealed class NamePatterns
{
    private readonly (byte[] Text, bool IsPrefix)[] _patterns;

    public NamePatterns(ImmutableArray<string> patterns)
    {
        _patterns = new (byte[], bool)[patterns.Length];
        for (var i = 0; i < patterns.Length; i++)
        {
            var isPrefix = patterns[i].EndsWith('*');
            _patterns[i] = (Encoding.UTF8.GetBytes(isPrefix ? patterns[i][..^1] : patterns[i]), isPrefix);
        }
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _patterns.Length == 0;

    /// <summary>Index of the exact pattern, or else of the longest beginning; -1 when nothing matches.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        var found = -1;
        for (var i = 0; i < _patterns.Length; i++)
        {
            var (text, isPrefix) = _patterns[i];
            if (!isPrefix && name.SequenceEqual(text))
            {
                return i;
            }

            if (isPrefix && name.StartsWith(text) && (found < 0 || text.Length > _patterns[found].Text.Length))
            {
                found = i;
            }
        }

        return found;
    }
}
