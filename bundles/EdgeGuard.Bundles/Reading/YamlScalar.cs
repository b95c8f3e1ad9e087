using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGuard.Bundles.Schema;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// Scalars after the core schema of YAML 1.2.2 (section 10.3.2): plain <c>yes</c>, <c>on</c> and <c>1_000</c> are texts, <c>010</c> is ten.
/// </summary>
internal static partial class YamlScalar
{
    private const string CorePrefix = "tag:yaml.org,2002:";

    /// <summary>The node of a scalar; a finding and a stand-in when its value cannot be used.</summary>
    public static Node Read(Scalar scalar, ReadSession session, int line, int column)
    {
        var value = scalar.Value;
        session.CheckLength(value, line, column);
        if (HasLoneSurrogate(value))
        {
            session.Error(
                ReadingCodes.NotUtf8,
                line,
                column,
                "an escape in this text is half of a surrogate pair and stands for no character",
                "write the character itself");
            return Node.OfString(string.Empty, session.At(line, column));
        }

        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific)
        {
            return ReadTagged(scalar, session, line, column);
        }

        return scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty
            ? ReadPlain(value, session, line, column)
            : Node.OfString(value, session.At(line, column));
    }

    /// <summary>Adds the finding for a tag that is not of the core schema or does not fit its value.</summary>
    public static void RefuseTag(TagName tag, ReadSession session, int line, int column) =>
        session.Error(
            ReadingCodes.TagRefused,
            line,
            column,
            $"the tag {ReadSession.Shorten(tag.Value.StartsWith(CorePrefix, StringComparison.Ordinal) ? "!!" + tag.Value[CorePrefix.Length..] : tag.Value)} cannot be used here",
            "remove it; only !!str, !!int, !!float, !!bool, !!null, !!map and !!seq are known, on values of that kind");

    private static Node ReadTagged(Scalar scalar, ReadSession session, int line, int column)
    {
        var name = scalar.Tag.Value.StartsWith(CorePrefix, StringComparison.Ordinal) ? scalar.Tag.Value[CorePrefix.Length..] : string.Empty;
        if (name == "str")
        {
            return Node.OfString(scalar.Value, session.At(line, column));
        }

        var node = ReadPlain(scalar.Value, session, line, column);
        var fits = name switch
        {
            "int" => node.Kind is NodeKind.Integer,
            "float" => node.Kind is NodeKind.Integer or NodeKind.Number,
            "bool" => node.Kind is NodeKind.Boolean,
            "null" => node.Kind is NodeKind.Null,
            _ => false,
        };
        if (!fits)
        {
            RefuseTag(scalar.Tag, session, line, column);
        }

        return node;
    }

    private static Node ReadPlain(string value, ReadSession session, int line, int column)
    {
        var location = session.At(line, column);
        switch (value)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return Node.OfNull(location);
            case "true" or "True" or "TRUE":
                return Node.OfBoolean(true, location);
            case "false" or "False" or "FALSE":
                return Node.OfBoolean(false, location);
        }

        // No number starts otherwise; most plain scalars are words.
        if (!char.IsAsciiDigit(value[0]) && value[0] is not ('-' or '+' or '.'))
        {
            return Node.OfString(value, location);
        }

        if (InfinityOrNan().IsMatch(value))
        {
            session.Error(
                ReadingCodes.UnusableNumber,
                line,
                column,
                $"{value} is not a number that can be used",
                "write a finite number, or put it in quotes if the text is meant");
            return Node.OfNull(location);
        }

        if (Based().IsMatch(value))
        {
            return ReadBased(value, session, line, column);
        }

        if (!Decimal().IsMatch(value))
        {
            return Node.OfString(value, location);
        }

        if (LeadingZero().IsMatch(value))
        {
            session.Warning(
                ReadingCodes.LeadingZero,
                line,
                column,
                $"{ReadSession.Shorten(value)} is read as a decimal number in spite of its leading zero",
                "leave the zero out, write 0o10 for octal, or put it in quotes if the text is meant");
        }

        return NumberNode.Read(value, session, line, column);
    }

    private static Node ReadBased(string value, ReadSession session, int line, int column)
    {
        ulong number = 0;
        var shift = value[1] == 'x' ? 4 : 3;
        foreach (var digit in value.AsSpan(2))
        {
            if (number >> (63 - shift) != 0)
            {
                session.Error(ReadingCodes.UnusableNumber, line, column, $"the number {ReadSession.Shorten(value)} is out of range", "use a number of at most 53 bits");
                return Node.OfNull(session.At(line, column));
            }

            number = (number << shift) | (uint)Convert.ToInt32(digit.ToString(CultureInfo.InvariantCulture), 16);
        }

        var read = NumberNode.Read(number.ToString(CultureInfo.InvariantCulture), session, line, column);
        return Node.OfInteger(read.Integer, value, session.At(line, column));
    }

    private static bool HasLoneSurrogate(string value)
    {
        var start = value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        for (var i = start; i >= 0 && i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i]))
            {
                continue;
            }

            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
            {
                return true;
            }

            i++;
        }

        return false;
    }

    [GeneratedRegex(@"\A[-+]?\.(inf|Inf|INF)\z|\A\.(nan|NaN|NAN)\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InfinityOrNan();

    [GeneratedRegex(@"\A0(o[0-7]+|x[0-9a-fA-F]+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: MatchBudget.Milliseconds)]
    private static partial Regex Based();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: MatchBudget.Milliseconds)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"\A[-+]?0[0-9]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: MatchBudget.Milliseconds)]
    private static partial Regex LeadingZero();
}
