using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Binds who calls: issuers, keys, agents, certificates, revocations, and what a policy accepts of them.</summary>
internal static class IdentityBinder
{
    public static IssuerDefinition BindIssuer(Node node)
    {
        var defaults = new IssuerDefinition { Id = node.TextAt("id")!, Issuer = node.TextAt("issuer")! };
        return defaults with
        {
            Audiences = Texts(node["audiences"]),
            Algorithms = Texts(node["algorithms"]),
            JwksUrl = node.TextAt("jwks_url"),
            JwksFile = node.TextAt("jwks_file"),
            DiscoveryUrl = node.TextAt("discovery_url"),
            Keys = DocumentBinder.Each(node["keys"], key => new InlineKeyDefinition(key.TextAt("kid")!, key.TextAt("public_key")!)),
            Refresh = node.DurationAt("refresh") ?? defaults.Refresh,
            StaleIfError = node.DurationAt("stale_if_error") ?? defaults.StaleIfError,
            ClockSkew = node.DurationAt("clock_skew") ?? defaults.ClockSkew,
            TokenType = node.TextAt("token_type"),
            RequiredClaims = [.. node.EntriesAt("required_claims").Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Text))],
            ScopeClaim = node.TextAt("scope_claim") ?? defaults.ScopeClaim,
            OrganizationClaim = node.TextAt("organization_claim") ?? defaults.OrganizationClaim,
            MaxAge = node.DurationAt("max_age"),
            MaxLifetime = node.DurationAt("max_lifetime"),
            MaxTokenBytes = (int)(node.NumberAt("max_token_bytes") ?? defaults.MaxTokenBytes),
            Binding = node["binding"] is { } binding ? BindBinding(binding) : null,
        };
    }

    public static ApiKeyDefinition BindApiKey(Node node)
    {
        var publishable = node.TextAt("kind") == "publishable";
        var defaults = new ApiKeyDefinition
        {
            Id = node.TextAt("id")!,
            IsPublishable = publishable,
            Sha256 = node.TextAt("sha256")!,
            Organization = node.TextAt("organization")!,
        };
        return defaults with
        {
            Environment = node.TextAt("environment") ?? defaults.Environment,
            Plan = node.TextAt("plan"),
            Scopes = Texts(node["scopes"]),
            AllowedOrigins = Texts(node["allowed_origins"]),
            AllowedMethods = node["allowed_methods"] is { } methods ? Texts(methods) : publishable ? ["GET", "HEAD", "OPTIONS"] : [],
            AllowedPaths = Texts(node["allowed_paths"]),
            NotBefore = node.TimeAt("not_before"),
            ExpiresAt = node.TimeAt("expires_at"),
        };
    }

    public static AgentDefinition BindAgent(Node node)
    {
        var defaults = new AgentDefinition
        {
            Id = node.TextAt("id")!,
            Scheme = node.TextAt("scheme") switch
            {
                "jws" => AgentScheme.DetachedJws,
                "hmac" => AgentScheme.Hmac,
                _ => AgentScheme.HttpMessageSignature,
            },
            Algorithm = node.TextAt("algorithm")!,
        };
        return defaults with
        {
            PublicKey = node.TextAt("public_key"),
            KeyDirectory = node.TextAt("key_directory"),
            Secret = node.TextAt("secret"),
            RequiredComponents = node["required_components"] is { } components ? Texts(components) : defaults.RequiredComponents,
            MaxAge = node.DurationAt("max_age") ?? defaults.MaxAge,
            Organization = node.TextAt("organization"),
            Scopes = Texts(node["scopes"]),
        };
    }

    public static ClientCertificatesDefinition BindCertificates(Node node) => new()
    {
        TrustFile = node.TextAt("trust_file")!,
        SpiffeDomains = DocumentBinder.Each(node["spiffe_domains"], domain => domain.Text.ToLowerInvariant()),
        Subjects = Texts(node["subjects"]),
    };

    public static RevocationsDefinition BindRevocations(Node? node) => node is null
        ? RevocationsDefinition.None
        : new RevocationsDefinition
        {
            TokensValidAfter = DocumentBinder.Each(
                node["tokens_valid_after"],
                item => new TokensValidAfter(KindOf(item.TextAt("kind")), item.TextAt("value")!, item.TimeAt("time")!.Value)),
            TokenIds = Texts(node["token_ids"]),
        };

    public static WebhookDefinition BindWebhook(Node node)
    {
        var defaults = new WebhookDefinition
        {
            Id = node.TextAt("id")!,
            Scheme = node.TextAt("scheme") switch
            {
                "github" => WebhookScheme.GitHub,
                "stripe" => WebhookScheme.Stripe,
                "slack" => WebhookScheme.Slack,
                "standard_webhooks" => WebhookScheme.StandardWebhooks,
                _ => WebhookScheme.Generic,
            },
        };
        return defaults with
        {
            Secrets = Texts(node["secrets"]),
            SignatureHeader = Lower(node.TextAt("signature_header")),
            TimestampHeader = Lower(node.TextAt("timestamp_header")),
            DeliveryIdHeader = Lower(node.TextAt("delivery_id_header")),
            SignedContent = node.TextAt("signed_content"),
            Encoding = node.TextAt("encoding"),
            Prefix = node.TextAt("prefix"),
            Tolerance = node.DurationAt("tolerance") ?? defaults.Tolerance,
            ReplayWindow = node.DurationAt("replay_window") ?? defaults.ReplayWindow,
            MaxBodyBytes = (int)(node.NumberAt("max_body_bytes") ?? defaults.MaxBodyBytes),
        };
    }

    /// <summary>What a policy's <c>spec</c> says of its callers.</summary>
    public static RouteIdentityDefinition BindRoute(Node spec)
    {
        var options = spec["identity_options"];
        return new RouteIdentityDefinition
        {
            Mode = spec.TextAt("identity") switch
            {
                "required" => IdentityMode.Required,
                "none" => IdentityMode.None,
                _ => IdentityMode.Optional,
            },
            Kinds = options?["kinds"] is { } kinds ? KindsOf(kinds) : CredentialKinds.All,
            Issuers = Texts(options?["issuers"]),
            Scopes = Texts(options?["scopes"]),
            ForwardHeaders = options is null
                ? []
                : [.. options.EntriesAt("forward_headers").Select(entry => KeyValuePair.Create(Lower(entry.Key)!, KeyBinder.Bind(entry.Value.Text)))],
        };
    }

    private static BindingDefinition BindBinding(Node node)
    {
        var kinds = BindingKinds.None;
        foreach (var kind in node.ItemsAt("kinds"))
        {
            kinds |= kind.Text switch
            {
                "dpop" => BindingKinds.Dpop,
                "mtls" => BindingKinds.Certificate,
                _ => BindingKinds.Fingerprint,
            };
        }

        var defaults = new BindingDefinition { Kinds = kinds };
        return defaults with
        {
            Required = node.FlagAt("required") ?? defaults.Required,
            DpopMaxAge = node.DurationAt("dpop_max_age") ?? defaults.DpopMaxAge,
            DpopNonce = node.FlagAt("dpop_nonce") ?? defaults.DpopNonce,
            FingerprintClaim = node.TextAt("fingerprint_claim") ?? defaults.FingerprintClaim,
            FingerprintHeader = Lower(node.TextAt("fingerprint_header")) ?? defaults.FingerprintHeader,
        };
    }

    internal static CredentialKinds KindsOf(Node list)
    {
        var kinds = CredentialKinds.None;
        foreach (var kind in list.Items)
        {
            kinds |= kind.Text switch
            {
                "jwt" => CredentialKinds.Jwt,
                "api_key" => CredentialKinds.ApiKey,
                "agent" => CredentialKinds.Agent,
                _ => CredentialKinds.Certificate,
            };
        }

        return kinds;
    }

    private static RevokedKind KindOf(string? word) => word switch
    {
        "organization" => RevokedKind.Organization,
        "key" => RevokedKind.Key,
        _ => RevokedKind.Subject,
    };

    private static ImmutableArray<string> Texts(Node? list) => DocumentBinder.Each(list, item => item.Text);

    private static string? Lower(string? name) => name is null ? null : DescriptorCatalog.LowerAscii(name);
}
