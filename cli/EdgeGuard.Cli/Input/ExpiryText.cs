using System.Globalization;
using EdgeGuard.Options;

namespace EdgeGuard.Cli.Input;

/// <summary>A moment in the future: a duration from now, or a time.</summary>
internal static class ExpiryText
{
    public static DateTimeOffset? Parse(string? text, TimeProvider time, string flag)
    {
        if (text is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        DateTimeOffset moment;
        if (DurationText.TryParse(text, out var duration))
        {
            moment = now + duration;
        }
        else if (!DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment))
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, flag, $"`{text}` is neither a duration nor a time",
                "write 30m, 2h or 7d, or a time such as 2030-01-31T12:00:00Z");
        }

        // Signed documents and bundles know whole seconds.
        moment = DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());
        return moment > now ? moment : throw new CliFailureException(
            ExitCodes.Usage, CliCodes.BadValue, flag, $"`{text}` is not in the future", "choose a later time");
    }
}
