using System.Globalization;
using System.Text;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Writes the Prometheus text exposition format 0.0.4. A family is begun once; its samples follow at once.</summary>
internal sealed class MetricWriter
{
    private readonly StringBuilder _text = new(16 * 1024);
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);
    private string _family = string.Empty;

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
        _text.Append("# HELP ").Append(name).Append(' ');
        AppendEscaped(help, quote: false);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>A family with one sample and no labels.</summary>
    public void Single(string name, string type, string help, double value)
    {
        Family(name, type, help);
        Sample(value);
    }

    /// <summary>One sample of the family begun last.</summary>
    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Append(string.Empty, value, labels);

    /// <summary>One sample of a histogram: <c>_bucket</c>, <c>_sum</c> or <c>_count</c>.</summary>
    public void SamplePart(string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Append(suffix, value, labels);

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    /// <summary>A number as the format wants it.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private void Append(string suffix, double value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_family).Append(suffix);
        if (labels.Length > 0)
        {
            var separator = '{';
            foreach (var (name, text) in labels)
            {
                _text.Append(separator).Append(name).Append("=\"");
                AppendEscaped(text, quote: true);
                _text.Append('"');
                separator = ',';
            }

            _text.Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private void AppendEscaped(string text, bool quote)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '\\':
                    _text.Append("\\\\");
                    break;
                case '\n':
                    _text.Append("\\n");
                    break;
                case '"' when quote:
                    _text.Append("\\\"");
                    break;
                default:
                    _text.Append(c);
                    break;
            }
        }
    }
}
