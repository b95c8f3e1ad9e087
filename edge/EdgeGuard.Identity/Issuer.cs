using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Identity;

/// <summary>An issuer of the bundle in force with its keys.</summary>
internal sealed record Issuer(IssuerDefinition Definition, KeySetRefresher Keys);
