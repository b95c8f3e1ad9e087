using System.Globalization;
using System.Text;

namespace EdgeGuard.Identity.Structured;

/// <summary>Writes structured field values in their one canonical form (RFC 9651 section 4.1).</summary>
internal static class StructuredFieldWriter
{
    public static string Write(FieldItem item)
    {
        var text = new StringBuilder();
        Append(text, item);
        return text.ToString();
    }

    public static string Write(FieldMember member)
    {
        var text = new StringBuilder();
        Append(text, member);
        return text.ToString();
    }

    public static string Write(IReadOnlyList<FieldMember> list)
    {
        var text = new StringBuilder();
        foreach (var member in list)
        {
            text.Append(text.Length == 0 ? string.Empty : ", ");
            Append(text, member);
        }

        return text.ToString();
    }

    public static string Write(IReadOnlyList<KeyValuePair<string, FieldMember>> dictionary)
    {
        var text = new StringBuilder();
        foreach (var (key, member) in dictionary)
        {
            text.Append(text.Length == 0 ? string.Empty : ", ").Append(key);
            if (member.Item is { Value.IsTrue: true })
            {
                Append(text, member.Parameters);
            }
            else
            {
                text.Append('=');
                Append(text, member);
            }
        }

        return text.ToString();
    }

    /// <summary>Adds an item with its parameters.</summary>
    public static void Append(StringBuilder text, FieldItem item)
    {
        Append(text, item.Value);
        Append(text, item.Parameters);
    }

    /// <summary>Adds an item or inner list with its parameters.</summary>
    public static void Append(StringBuilder text, FieldMember member)
    {
        if (member.Item is { } item)
        {
            Append(text, item);
            return;
        }

        text.Append('(');
        for (var i = 0; i < member.Inner!.Count; i++)
        {
            text.Append(i == 0 ? string.Empty : " ");
            Append(text, member.Inner[i]);
        }

        text.Append(')');
        Append(text, member.Parameters);
    }

    private static void Append(StringBuilder text, FieldParameters parameters)
    {
        foreach (var (name, value) in parameters.Entries)
        {
            text.Append(';').Append(name);
            if (!value.IsTrue)
            {
                text.Append('=');
                Append(text, value);
            }
        }
    }

    private static void Append(StringBuilder text, BareItem value)
    {
        switch (value.Kind)
        {
            case BareKind.Integer:
                text.Append(CultureInfo.InvariantCulture, $"{value.Number}");
                break;
            case BareKind.Decimal:
                text.Append(((decimal)value.Number / 1000).ToString("0.0##", CultureInfo.InvariantCulture));
                break;
            case BareKind.Text:
                AppendText(text, value.Text);
                break;
            case BareKind.Token:
                text.Append(value.Text);
                break;
            case BareKind.Bytes:
                text.Append(':').Append(Convert.ToBase64String(value.Bytes)).Append(':');
                break;
            default:
                text.Append(value.IsTrue ? "?1" : "?0");
                break;
        }
    }

    private static void AppendText(StringBuilder text, string content)
    {
        text.Append('"');
        foreach (var c in content)
        {
            text.Append(c is '"' or '\\' ? "\\" : string.Empty).Append(c);
        }

        text.Append('"');
    }
}
