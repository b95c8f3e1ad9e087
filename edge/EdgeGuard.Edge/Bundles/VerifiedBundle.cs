using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Edge.Bundles;

/// <summary>What verifying a bundle's bytes gave: the text of the bundle, or one problem.</summary>
/// <param name="Form">How it was signed: <c>jws</c>, <c>peer</c> or <c>unsigned</c>.</param>
/// <param name="Payload">Text of the bundle; empty with a problem.</param>
/// <param name="Header">Header of a JWS, null for other forms.</param>
/// <param name="Problem">Why it was refused, or null.</param>
internal sealed record VerifiedBundle(string Form, ReadOnlyMemory<byte> Payload, DocumentHeader? Header, Diagnostic? Problem);
