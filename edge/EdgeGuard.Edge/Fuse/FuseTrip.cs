namespace EdgeGuard.Edge.Fuse;

/// <summary>Why a bundle is taken back.</summary>
/// <param name="Digest">Digest of the bundle that refused too much.</param>
/// <param name="Before">What the bundle before had decided, over the same time or its whole life.</param>
/// <param name="Now">What this bundle has decided.</param>
internal sealed record FuseTrip(string Digest, FuseReading Before, FuseReading Now)
{
    /// <summary>In words, for logs and the control plane: numbers only.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Now.Percent:0.#} % of {Now.Decided} requests were refused, {Before.Percent:0.#} % of {Before.Decided} under the bundle before");
}
