namespace EdgeGuard.Bundles.Model;

/// <summary>A public key written in the bundle.</summary>
/// <param name="KeyId">Key id (<c>kid</c>) in tokens.</param>
/// <param name="PublicKey">PEM (SubjectPublicKeyInfo) or one JWK as JSON text.</param>
public sealed record InlineKeyDefinition(string KeyId, string PublicKey);
