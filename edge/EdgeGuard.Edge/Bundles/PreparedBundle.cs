using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Edge.Bundles;

/// <summary>A bundle's bytes with what verifying and building them gave; nothing of it is in force.</summary>
/// <param name="Origin">Where it came from, as <see cref="ActiveBundle.Origin"/>.</param>
/// <param name="Document">The bytes as received.</param>
/// <param name="Verified">What verifying gave.</param>
/// <param name="Build">What building gave; null when verifying found a problem.</param>
internal sealed record PreparedBundle(string Origin, ReadOnlyMemory<byte> Document, VerifiedBundle Verified, BundleBuild? Build);
