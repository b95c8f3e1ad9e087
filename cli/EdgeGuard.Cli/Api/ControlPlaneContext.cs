namespace EdgeGuard.Cli.Api;

/// <summary>Which control plane, with which credential. Never printed: the token is in it.</summary>
/// <param name="Url">Base address, https.</param>
/// <param name="Token">Access token of a user.</param>
/// <param name="CaPem">Certificate authority that alone is trusted, or null for the system's.</param>
internal sealed record ControlPlaneContext(Uri Url, string Token, string? CaPem)
{
    /// <inheritdoc />
    public override string ToString() => Url.ToString();
}
