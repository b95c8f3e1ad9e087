using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeGuard.Identity.Tokens;

/// <summary>Scalars of JSON as the text that claims are compared by.</summary>
internal static class JsonScalar
{
    /// <summary>The text of the scalar that the reader stands on; null for null, and for a number that no double holds.</summary>
    public static string? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Number => FormatNumber(Encoding.ASCII.GetString(reader.ValueSpan)),
        _ => null,
    };

    /// <summary>
    /// Whole numbers keep every digit: two tenants whose ids differ beyond 2^53 must not become one through floating point. Others take the
    /// shortest text that reads back as the same double, so that 1.50 and 1.5 are one value.
    /// </summary>
    private static string? FormatNumber(string literal)
    {
        if (literal.AsSpan(literal[0] == '-' ? 1 : 0).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return literal == "-0" ? "0" : literal;
        }

        return double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? (number == 0 ? 0d : number).ToString("R", CultureInfo.InvariantCulture)
            : null;
    }
}
