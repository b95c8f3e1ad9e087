using System.Text;

namespace EdgeGuard.Engine.Answers;

/// <summary>One header field that the edge adds to an answer.</summary>
/// <param name="name">Its name.</param>
/// <param name="value">Its value, in ASCII.</param>
/// <param name="rule">What becomes of the upstream's.</param>
public sealed class AnswerField(string name, string value, AnswerFieldRule rule)
{
    private readonly byte[] _line = Encoding.ASCII.GetBytes($"{name}: {value}\r\n");

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its value.</summary>
    public string Value => value;

    /// <summary>What becomes of the upstream's.</summary>
    public AnswerFieldRule Rule => rule;

    /// <summary>The field as a line of HTTP/1.1.</summary>
    public ReadOnlySpan<byte> Line => _line;
}
