using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>What signs and verifies documents here; always the same, so that a seed repeats a failure.</summary>
internal static class Documents
{
    public const string Audience = "edge-1";

    public static DateTimeOffset Now { get; } = DateTimeOffset.UnixEpoch.AddYears(56);

    public static SigningKey Key { get; } = new("key-1", "a key of thirty-two bytes, no less"u8);

    public static DocumentVerifier Verifier { get; } = new(new TrustedKeys(Key));
}
