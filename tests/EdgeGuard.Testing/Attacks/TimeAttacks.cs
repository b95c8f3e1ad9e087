namespace EdgeGuard.Testing.Attacks;

/// <summary>Times that are past, ahead, too large or no times.</summary>
internal static class TimeAttacks
{
    private static readonly string[] NoTimes =
        ["null", "true", "\"9999999999\"", "[9999999999]", "{}", "-1", "1e999", "1e300", "253402300800", "99999999999999999999999999", "1e16", "\"\"", "-1e400"];

    public static IEnumerable<TokenAttack> All =>
    [
        .. ((string[])["exp", "iat"]).SelectMany(_ => NoTimes, (claim, text) =>
            new TokenAttack($"{claim} is {text}", "malformed", scene => scene.WithText(claim, text))),
        .. NoTimes.Select(text => new TokenAttack($"nbf is {text}", "malformed", scene => scene.WithClaims($"\"nbf\":{text}"))),
        new("exp in milliseconds", "malformed", scene => scene.With("exp", (scene.Now + 60) * 1000)),
        new("exp is missing", "no_expiry", scene => scene.With("exp", null)),
        new("exp just past", "expired", scene => scene.With("exp", scene.Now - 30)),
        new("exp long past", "expired", scene => scene.With("exp", 1)),
        new("exp is 0", "expired", scene => scene.With("exp", 0)),
        new("exp is a fraction above 0", "expired", scene => scene.WithText("exp", "1e-300")),
        new("nbf ahead", "not_yet_valid", scene => scene.WithClaims($"\"nbf\":{scene.Now + 60}")),
        new("nbf far ahead", "not_yet_valid", scene => scene.WithClaims("\"nbf\":253402300799")),
        new("iat ahead", "not_yet_valid", scene => scene.With("iat", scene.Now + 60)),
        new("iat far ahead", "not_yet_valid", scene => scene.With("iat", 253402300799)),
        new("iat is missing where age counts", "no_issue_time", scene => scene.StrictWith("iat", null)),
        new("iat too long ago", "too_old", scene => scene.StrictWith("iat", scene.Now - 3600 - 30)),
        new("iat at the beginning of time", "too_old", scene => scene.StrictWith("iat", 0)),
        new("exp too long after iat", "too_long_lived", scene => scene.StrictWith("exp", scene.Now + 7201)),
        new("exp at the end of time", "too_long_lived", scene => scene.StrictWith("exp", 253402300799)),
    ];
}
