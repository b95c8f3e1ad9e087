using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgeGuard.Edge.Metrics;

/// <summary>
/// Writes the Prometheus text exposition format 0.0.4, as UTF-8 into a rented buffer. A family is begun once; its samples follow at once.
/// </summary>
internal sealed class MetricWriter : IDisposable
{
    private const int InitialBytes = 64 * 1024;

    // A number in the shortest form that reads back has at most 24 characters.
    private const int MaxNumber = 32;

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\n\"");

    private readonly HashSet<string> _families = new(StringComparer.Ordinal);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _length;
    private string _family = string.Empty;

    /// <summary>What was written, valid until this is disposed of.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Begins a family.</summary>
    /// <param name="name">Full name, such as <c>edgeguard_decisions_total</c>; counters end in <c>_total</c>.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">One sentence.</param>
    /// <exception cref="InvalidOperationException">The family was begun before: its samples must stand together.</exception>
    public void Family(string name, string type, string help)
    {
        if (!_families.Add(name))
        {
            throw new InvalidOperationException($"The metric family {name} was written twice.");
        }

        _family = name;
        Append("# HELP ");
        Append(name);
        Append(" ");
        AppendEscaped(help, quote: false);
        Append("\n# TYPE ");
        Append(name);
        Append(" ");
        Append(type);
        Append("\n");
    }

    /// <summary>A family with one sample and no labels.</summary>
    public void Single(string name, string type, string help, double value)
    {
        Family(name, type, help);
        Sample(value);
    }

    /// <summary>One sample of the family begun last.</summary>
    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) => AppendSample(string.Empty, value, labels);

    /// <summary>One sample of a histogram: <c>_bucket</c>, <c>_sum</c> or <c>_count</c>.</summary>
    public void SamplePart(string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        AppendSample(suffix, value, labels);

    /// <summary>A number as the format wants it.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <inheritdoc />
    public override string ToString() => Encoding.UTF8.GetString(Written.Span);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void AppendSample(string suffix, double value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        Append(_family);
        Append(suffix);
        if (labels.Length > 0)
        {
            var separator = "{";
            foreach (var (name, text) in labels)
            {
                Append(separator);
                Append(name);
                Append("=\"");
                AppendEscaped(text, quote: true);
                Append("\"");
                separator = ",";
            }

            Append("}");
        }

        Append(" ");
        AppendNumber(value);
        Append("\n");
    }

    private void AppendNumber(double value)
    {
        if (!double.IsFinite(value))
        {
            Append(Number(value));
            return;
        }

        Reserve(MaxNumber);
        value.TryFormat(_buffer.AsSpan(_length), out var written, "R", CultureInfo.InvariantCulture);
        _length += written;
    }

    private void AppendEscaped(string text, bool quote)
    {
        var rest = text.AsSpan();
        for (var at = rest.IndexOfAny(Escaped); at >= 0; at = rest.IndexOfAny(Escaped))
        {
            Append(rest[..at]);
            Append(rest[at] switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                _ => quote ? "\\\"" : "\"",
            });
            rest = rest[(at + 1)..];
        }

        Append(rest);
    }

    private void Append(ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length >= bytes)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + bytes));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
