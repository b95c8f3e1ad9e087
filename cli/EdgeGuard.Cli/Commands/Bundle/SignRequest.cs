namespace EdgeGuard.Cli.Commands.Bundle;

/// <summary>What <c>sign</c> was asked for.</summary>
internal sealed record SignRequest(
    string File, string? KeyFile, string Audience, string Issuer, long? Sequence, DateTimeOffset? ExpiresAt, string Out, bool Force);
