using System.Globalization;
using System.Text;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Where a walk through a document is. Text is made only when a finding needs it.</summary>
internal sealed class NodePath
{
    private readonly List<(string? Name, int Index)> _segments = [];

    public void Push(string name) => _segments.Add((name, 0));

    public void Push(int index) => _segments.Add((null, index));

    public void Pop() => _segments.RemoveAt(_segments.Count - 1);

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, index) in _segments)
        {
            if (name is null)
            {
                text.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
            }
            else
            {
                Append(text, name);
            }
        }

        return text.ToString();
    }

    /// <summary>A path and one more name.</summary>
    public static string Join(string path, string name)
    {
        var text = new StringBuilder(path);
        Append(text, name);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name)
    {
        var plain = name.Length is > 0 and <= 64 && !SecretPatterns.LooksSecret(name) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        if (!plain)
        {
            text.Append('[').Append(Quote.Text(name)).Append(']');
            return;
        }

        if (text.Length > 0)
        {
            text.Append('.');
        }

        text.Append(name);
    }
}
