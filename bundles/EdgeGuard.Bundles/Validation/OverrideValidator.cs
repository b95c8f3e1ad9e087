using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Switches for a whole bundle say why and until when; times are in order.</summary>
internal static class OverrideValidator
{
    public static void Check(Node root, Findings findings)
    {
        CheckOverride(root, "global_shadow", findings);
        CheckOverride(root, "kill_switch_override", findings);
        if (root.TimeAt("issued_at") is { } issued && root.TimeAt("expires_at") is { } expires && expires <= issued)
        {
            findings.Error(
                MeaningCodes.ExpiryOrder,
                root["expires_at"]!.Location,
                "expires_at",
                $"{Quote.Value(root["expires_at"]!)} is not after issued_at {Quote.Value(root["issued_at"]!)}",
                "write a later time, or leave expires_at out");
        }
    }

    private static void CheckOverride(Node root, string field, Findings findings)
    {
        if (root[field] is not { } node || node.FlagAt("enabled") != true)
        {
            return;
        }

        foreach (var needed in (string[])["reason", "expires_at"])
        {
            if (node[needed] is null)
            {
                findings.Error(
                    MeaningCodes.OverrideIncomplete,
                    node.Location,
                    $"{field}.{needed}",
                    $"{field} is enabled and has no {needed}",
                    needed == "reason" ? "write why, for who reads the audit log" : "write when it ends by itself");
            }
        }
    }
}
