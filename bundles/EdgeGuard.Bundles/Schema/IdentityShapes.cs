using static EdgeGuard.Bundles.Schema.CommonShapes;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Who calls: issuers, keys, agents, certificates.</summary>
internal static class IdentityShapes
{
    public static ObjectShape InlineKey { get; } = new(
        "inline_key",
        "A public key written in the bundle.",
        FieldShape.Required("kid", Identifier, "Key id in tokens."),
        FieldShape.Required("public_key", PublicKey, "Public key, PEM or JWK."));

    public static ObjectShape ProofOfPossession { get; } = new(
        "binding",
        "Proof that the caller holds what the token is bound to.",
        FieldShape.Required("kinds", List(Words("dpop", "mtls", "fingerprint"), 1, 3), "Accepted proofs: RFC 9449, RFC 8705, or a fingerprint-hash claim bound to a header."),
        FieldShape.Optional("required", BooleanShape.Instance, "true", "Whether a token without binding is refused."),
        FieldShape.Optional("dpop_max_age", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), "`60s`", "Oldest proof accepted; proofs are remembered that long against replay."),
        FieldShape.Optional("dpop_nonce", BooleanShape.Instance, "false", "Whether a nonce of this edge is demanded."),
        FieldShape.Optional("fingerprint_claim", Label, "`fph`", "Claim that holds the hash of the device fingerprint."),
        FieldShape.Optional("fingerprint_header", HeaderName, "`x-device-fingerprint`", "Header that the fingerprint comes in."));

    public static ObjectShape Issuer { get; } = new(
        "issuer",
        "Who may sign tokens, and what is accepted from them. Exactly one source of keys.",
        FieldShape.Required("id", Identifier, "Name in the bundle, for messages and metrics; unique."),
        FieldShape.Required("issuer", Value("iss value", 512), "Exact value of the `iss` claim; unique."),
        FieldShape.Required("audiences", List(Value("aud value", 512), 1, 32), "Accepted values of `aud`."),
        FieldShape.Required("algorithms", List(Algorithms, 1, 12), "Accepted signature algorithms. Never `none`, never HMAC."),
        FieldShape.Optional("jwks_url", Url, "", "Where the key set is fetched; its host must be allowed in the edge's options. May be or hold a reference."),
        FieldShape.Optional("jwks_file", FilePath, "", "File with the key set, read again when it changes; must be allowed in the edge's options."),
        FieldShape.Optional("refresh", Duration(TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)), "`5m`", "How often the key set is fetched again."),
        FieldShape.Optional("stale_if_error", Duration(TimeSpan.Zero, TimeSpan.FromDays(30)), "`24h`", "How long keys stay in use after the last good fetch."),
        FieldShape.Optional("clock_skew", Duration(TimeSpan.Zero, TimeSpan.FromMinutes(5)), "`30s`", "Leeway for `exp`, `nbf` and `iat`."),
        FieldShape.Optional("token_type", Text("typ value", 64), "`JWT`, `at+jwt` or none", "The only accepted `typ` header."),
        FieldShape.Optional("discovery_url", Url, "", "OpenID Connect discovery document that names the key set."),
        FieldShape.Optional("keys", List(InlineKey, 1, 16), "", "Public keys in the bundle itself."),
        FieldShape.Optional("required_claims", new MapShape(ClaimPath, ScalarShape.Instance, 16), "none", "Claims (a name, or a path with dots) and the values they must have or, as lists, hold."),
        FieldShape.Optional("scope_claim", ClaimPath, "`scope`", "Claim that scopes are read from: a list, or words parted by blanks."),
        FieldShape.Optional("organization_claim", ClaimPath, "`org`", "Claim that names the organization, which revocations go by."),
        FieldShape.Optional("max_age", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)), "no limit", "Oldest `iat` accepted."),
        FieldShape.Optional("max_lifetime", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)), "no limit", "Longest `exp` after `iat` accepted."),
        FieldShape.Optional("max_token_bytes", Count(256, 65_536), "8192", "Longest token looked at."),
        FieldShape.Optional("binding", ProofOfPossession, "bearer tokens", "Proof of possession."));

    public static ObjectShape ApiKey { get; } = new(
        "api_key",
        "An API key, by its digest only. During rotation old and new stand side by side.",
        FieldShape.Required("id", Identifier, "Name of the key, for metrics and revocation; unique."),
        FieldShape.Required("kind", Words("publishable", "secret"), "`publishable` (`pk_`, safe in a browser) or `secret` (`sk_`)."),
        FieldShape.Required("sha256", Sha256, "SHA-256 of the whole key."),
        FieldShape.Required("organization", Label, "Whom it belongs to; descriptor `key:org`."),
        FieldShape.Optional("environment", Words("test", "live"), "`live`", "Descriptor `key:environment`."),
        FieldShape.Optional("plan", Label, "none", "Descriptor `key:plan`."),
        FieldShape.Optional("scopes", List(Label, 0, 64), "none", "What it may do."),
        FieldShape.Optional("allowed_origins", List(Text("origin", 256), 1, 64), "", "Origins of a publishable key; required for one."),
        FieldShape.Optional("allowed_methods", List(Method, 1, 16), "`GET HEAD OPTIONS` for a publishable key", "Methods it may use."),
        FieldShape.Optional("allowed_paths", List(UrlPath, 1, 64), "any", "Path prefixes it may use."),
        FieldShape.Optional("not_before", Timestamp, "at once", "From when it is valid."),
        FieldShape.Optional("expires_at", Timestamp, "never", "Until when it is valid."));

    public static ObjectShape Agent { get; } = new(
        "agent",
        "A registered agent and how it proves itself.",
        FieldShape.Required("id", Identifier, "Descriptor `agent:id`; unique."),
        FieldShape.Required("scheme", Words("http_message_signature", "jws", "hmac"), "RFC 9421, detached JWS, or an HMAC header."),
        FieldShape.Required("algorithm", Words("ed25519", "ecdsa-p256-sha256", "hmac-sha256"), "Signature algorithm; bound to the key's type."),
        FieldShape.Optional("public_key", PublicKey, "", "Public key, PEM or JWK; not with HMAC. Exactly one of `public_key`, `key_directory` and `secret`."),
        FieldShape.Optional("key_directory", Url, "", "Key directory of the Web Bot Auth profile."),
        FieldShape.Optional("secret", Secret, "", "Shared secret of HMAC, by reference."),
        FieldShape.Optional("required_components", List(Text("component", 64), 1, 32), "`@method @authority @path`", "What a message signature must cover; the other schemes always cover method, address and body."),
        FieldShape.Optional("max_age", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), "`5m`", "Oldest signature accepted; nonces are remembered that long."),
        FieldShape.Optional("organization", Label, "none", "Descriptor `agent:organization`."),
        FieldShape.Optional("scopes", List(Label, 0, 64), "none", "What it may do."));

    public static ObjectShape ClientCertificates { get; } = new(
        "client_certificates",
        "Callers known by their certificate.",
        FieldShape.Required("trust_file", FilePath, "PEM file with the accepted authorities."),
        FieldShape.Optional("spiffe_domains", List(Host, 1, 32), "any", "Accepted SPIFFE trust domains."),
        FieldShape.Optional("subjects", List(Value("subject", 256), 1, 256), "any", "Accepted subjects."));

    public static ObjectShape RouteIdentity { get; } = new(
        "identity_options",
        "What a route accepts as identity.",
        FieldShape.Optional("kinds", List(Words("jwt", "api_key", "agent", "mtls"), 1, 4), "all that the bundle configures", "Accepted kinds."),
        FieldShape.Optional("issuers", List(Identifier, 1, 64), "all", "Accepted issuers, by id."),
        FieldShape.Optional("scopes", List(Label, 1, 32), "none", "Scopes that the caller must have, all of them; `scope_denied` otherwise."),
        FieldShape.Optional("forward_headers", new MapShape(HeaderName, Descriptor, 16), "none", "Headers that carry verified values upstream; the same names from outside are removed, on every route."));

    public static ObjectShape TokensValidAfter { get; } = new(
        "tokens_valid_after",
        "Everything issued to someone before a time is void.",
        FieldShape.Required("kind", Words("organization", "subject", "key"), "Whom it is about."),
        FieldShape.Required("value", TrafficValue, "Which one."),
        FieldShape.Required("time", Timestamp, "Tokens issued before it are refused."));

    public static ObjectShape Revocations { get; } = new(
        "revocations",
        "Revocations that are known when the bundle is written. Those pushed later are signed on their own and add to these.",
        FieldShape.Optional("tokens_valid_after", List(TokensValidAfter, 0, 10_000), "none", "By organization, subject or key."),
        FieldShape.Optional("token_ids", List(Value("jti", 128), 0, 100_000), "none", "Single tokens by `jti`."));

    public static ObjectShape Webhook { get; } = new(
        "webhook",
        "A provider that delivers webhooks: how its signature is checked and replays are refused.",
        FieldShape.Required("id", Identifier, "Name that a policy's `webhook` refers to; unique."),
        FieldShape.Required("scheme", Words("github", "stripe", "slack", "standard_webhooks", "generic"), "Signature scheme; `generic` is put together from the fields below."),
        FieldShape.Required("secrets", List(Secret, 1, 4), "Secrets, by reference, of at least 16 bytes; several during rotation."),
        FieldShape.Optional("signature_header", HeaderName, "by scheme", "Header of the signature."),
        FieldShape.Optional("timestamp_header", HeaderName, "by scheme", "Header of the time signed, in seconds since 1970."),
        FieldShape.Optional("delivery_id_header", HeaderName, "by scheme", "Signed header that tells deliveries apart; without it what is signed does."),
        FieldShape.Optional("signed_content", Text("template", 256), "by scheme", "What is signed, of `{body}`, `{timestamp}`, `{id}`, `{header:name}` and text between them, such as `{timestamp}.{body}`."),
        FieldShape.Optional("encoding", Words("hex", "base64"), "by scheme", "Encoding of the signature; `hex` for `generic`."),
        FieldShape.Optional("prefix", Text("text", 32), "by scheme", "Text before the signature, such as `sha256=`; none for `generic`."),
        FieldShape.Optional("tolerance", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), "`5m`", "Oldest and newest time accepted."),
        FieldShape.Optional("replay_window", Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)), "`24h`", "How long a delivery is remembered; a second one is refused with `replayed`."),
        FieldShape.Optional("max_body_bytes", Count(1, 32 * 1024 * 1024), "1048576", "Largest body that is verified; `too_large` beyond."));

    private static TextShape Algorithms => Words(
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    private static TextShape ClaimPath => new()
    {
        Form = TextForm.Name,
        Noun = "claim",
        MaxLength = 100,
        Pattern = "^[A-Za-z0-9_.:/-]+$",
        Example = "the name of a claim, or its path with dots: realm_access.roles",
    };

    private static TextShape PublicKey => new() { Form = TextForm.PublicBytes, Noun = "public key", MaxLength = 8192, Example = "a public key, PEM or JWK" };

    private static TextShape HeaderName => new()
    {
        Form = TextForm.Name,
        Noun = "header name",
        MaxLength = 100,
        Pattern = "^[A-Za-z0-9_-]+$",
        Example = "a header name: x-user-id",
    };
}
