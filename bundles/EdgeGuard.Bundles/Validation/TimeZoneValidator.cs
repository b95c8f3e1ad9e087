using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Time zones: in the IANA database of this machine, and the same on every other.</summary>
internal static class TimeZoneValidator
{
    // Files beside the database that mean another zone on another machine, or count leap seconds.
    private static readonly string[] NotZones = ["localtime", "posixrules", "Factory"];
    private static readonly string[] NotFolders = ["posix/", "right/"];

    private static readonly Lazy<string[]> Names = new(() => [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)]);

    public static void Check(Node config, string path, Findings findings)
    {
        // A name of another form is reported by the structure check and must not be looked up: names are paths.
        if (config.TextAt("time_zone") is not { } name || !LimiterShapes.TimeZone.HasPattern(name) || Exists(name))
        {
            return;
        }

        var nearest = findings.IsFull ? null : NearestName.Of(name, Names.Value);
        findings.Error(
            MeaningCodes.UnknownTimeZone,
            config["time_zone"]!.Location,
            path + ".time_zone",
            $"{Quote.Text(name)} is not in the time zone database of this machine",
            nearest is null ? "write a name of the IANA database: Europe/Berlin" : $"did you mean {nearest}?");
    }

    private static bool Exists(string name) =>
        !NotZones.Contains(name, StringComparer.Ordinal)
        && !NotFolders.Any(folder => name.StartsWith(folder, StringComparison.Ordinal))
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        && string.Equals(zone.Id, name, StringComparison.Ordinal); // A zone that was looked up before is found in any case, others are not.
}
