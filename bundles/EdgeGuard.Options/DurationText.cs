using System.Globalization;

namespace EdgeGuard.Options;

/// <summary>Durations as people write them, in options and in commands.</summary>
public static class DurationText
{
    /// <summary>Reads numbers with units: <c>500ms</c>, <c>10s</c>, <c>1h30m</c>, <c>2d</c>. At most 10 parts and a thousand years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = TimeSpan.Zero;
        var rest = text.AsSpan();
        var parts = 0;
        var milliseconds = 0d;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 12 || ++parts > 10)
            {
                return false;
            }

            var count = long.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
            var end = rest.IndexOfAnyInRange('0', '9');
            var unit = end < 0 ? rest : rest[..end];
            double factor = unit switch
            {
                "ms" => 1,
                "s" => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => 0,
            };
            if (factor == 0)
            {
                return false;
            }

            milliseconds += count * factor;
            rest = rest[unit.Length..];
        }

        if (parts == 0 || milliseconds > TimeSpan.FromDays(365_000).TotalMilliseconds)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }
}
