using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Identity.Webhooks;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>
/// Resolves <c>${env:NAME}</c> and <c>${file:/path}</c> where a bundle may use them, through the allow-lists of the options. What they resolve to
/// is never shown.
/// </summary>
internal sealed class ReferenceResolver(EdgeOptions options, IdentityOptions identity, Func<string, string?> environment)
{
    private readonly SecretReferences _references = SecretReferences.OfProcess(
        options.ReferenceEnvironment.ToImmutableHashSet(StringComparer.Ordinal),
        options.ReferenceFiles.ToImmutableHashSet(StringComparer.Ordinal),
        environment);

    /// <summary>Who may call, with all references resolved; a problem for each that could not be, or that leads where keys may not be fetched.</summary>
    public IdentitySources Resolve(PolicyDocument document, ImmutableArray<Diagnostic>.Builder problems) => new()
    {
        Issuers = Resolve(document.Issuers, problems),
        ApiKeys = document.ApiKeys,
        Agents = Resolve(document.Agents, problems),
        Certificates = document.ClientCertificates,
        Webhooks = Resolve(document.Webhooks, problems),
        Revocations = document.Revocations,
    };

    /// <summary>Keys of the providers of models, by id; a problem for each that could not be read, or could not stand in a header.</summary>
    public Dictionary<string, string> ProviderKeys(PolicyDocument document, ImmutableArray<Diagnostic>.Builder problems)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var provider in document.LlmProviders)
        {
            var path = $"llm_providers.{provider.Id}.api_key";
            if (provider.ApiKey is not { } reference || Reveal(reference, path, problems)?.Trim() is not { } key)
            {
                continue;
            }

            if (key.Length == 0 || key.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            {
                problems.Add(Problem(
                    EdgeCodes.ProviderKeyUnusable,
                    path,
                    "what the reference resolves to is no key: it is empty, or has characters that cannot stand in a header",
                    "let it resolve to the key as the provider shows it, and nothing else"));
                continue;
            }

            keys[provider.Id] = key;
        }

        return keys;
    }

    /// <summary>The issuers with their references resolved; a problem for each that could not be, or that leads where keys may not be fetched.</summary>
    private ImmutableArray<IssuerDefinition> Resolve(ImmutableArray<IssuerDefinition> issuers, ImmutableArray<Diagnostic>.Builder problems)
    {
        var resolved = ImmutableArray.CreateBuilder<IssuerDefinition>(issuers.Length);
        foreach (var issuer in issuers)
        {
            resolved.Add(issuer with
            {
                JwksUrl = Resolve(issuer.JwksUrl, $"issuers.{issuer.Id}.jwks_url", problems),
                DiscoveryUrl = Resolve(issuer.DiscoveryUrl, $"issuers.{issuer.Id}.discovery_url", problems),
            });
        }

        return resolved.ToImmutable();
    }

    private ImmutableArray<AgentDefinition> Resolve(ImmutableArray<AgentDefinition> agents, ImmutableArray<Diagnostic>.Builder problems)
    {
        var resolved = ImmutableArray.CreateBuilder<AgentDefinition>(agents.Length);
        foreach (var agent in agents)
        {
            resolved.Add(agent with
            {
                KeyDirectory = Resolve(agent.KeyDirectory, $"agents.{agent.Id}.key_directory", problems),
                Secret = ResolveSecret(agent.Secret, $"agents.{agent.Id}.secret", problems),
            });
        }

        return resolved.MoveToImmutable();
    }

    private string? ResolveSecret(string? text, string path, ImmutableArray<Diagnostic>.Builder problems)
    {
        if (text is null)
        {
            return null;
        }

        if (Reveal(text, path, problems) is not { } secret)
        {
            return null;
        }

        if (SharedSecret.Read(secret) is not { Length: >= SharedSecret.MinBytes })
        {
            problems.Add(Problem(
                EdgeCodes.SecretTooWeak,
                path,
                $"the secret that this refers to is shorter than {SharedSecret.MinBytes} bytes, or is no base64 behind base64:",
                "make a new one of 32 random bytes: openssl rand -base64 32"));
        }

        return secret;
    }

    // Several secrets of one webhook, so that one can be replaced while deliveries under both are on their way.
    private ImmutableArray<WebhookDefinition> Resolve(ImmutableArray<WebhookDefinition> webhooks, ImmutableArray<Diagnostic>.Builder problems)
    {
        var resolved = ImmutableArray.CreateBuilder<WebhookDefinition>(webhooks.Length);
        foreach (var webhook in webhooks)
        {
            var secrets = ImmutableArray.CreateBuilder<string>(webhook.Secrets.Length);
            for (var i = 0; i < webhook.Secrets.Length; i++)
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"webhooks.{webhook.Id}.secrets[{i}]");
                if (Reveal(webhook.Secrets[i], path, problems) is not { } secret)
                {
                    continue;
                }

                if (!WebhookVerifier.IsUsableSecret(webhook.Scheme, secret))
                {
                    problems.Add(Problem(
                        EdgeCodes.WebhookSecretUnusable,
                        path,
                        webhook.Scheme == WebhookScheme.StandardWebhooks
                            ? "what the reference resolves to is no secret: whsec_ and at least 16 bytes in base64 are needed"
                            : "what the reference resolves to is no secret: at least 16 bytes are needed",
                        "let it resolve to the secret as the provider shows it"));
                }

                secrets.Add(secret);
            }

            resolved.Add(webhook with { Secrets = secrets.DrainToImmutable() });
        }

        return resolved.ToImmutable();
    }

    private string? Resolve(string? text, string path, ImmutableArray<Diagnostic>.Builder problems)
    {
        if (text is null || !SecretReferences.Contains(text))
        {
            return text; // Its host was checked when the bundle was read.
        }

        if (Reveal(text, path, problems)?.Trim() is not { } address)
        {
            return null;
        }

        if (!FetchAddress.IsAllowed(address, identity))
        {
            problems.Add(Problem(
                EdgeCodes.ResolvedAddressRefused,
                path,
                "keys may not be fetched from what this resolves to: it has to be an https address (http to this machine alone) without user name and password, of a host that the options list",
                "correct what is referred to, or add its host to fetch.allowed_hosts in the edge's options"));
        }

        return address;
    }

    private string? Reveal(string text, string path, ImmutableArray<Diagnostic>.Builder problems)
    {
        var resolution = _references.Resolve(text);
        if (resolution.Succeeded)
        {
            return resolution.Reveal();
        }

        problems.Add(Problem(
            EdgeCodes.ReferenceNotResolved,
            path,
            $"the reference cannot be resolved: {resolution.Problem}",
            "allow it in references.env or references.files of the edge's options and give it a value"));
        return null;
    }

    private static Diagnostic Problem(string code, string path, string message, string fix) =>
        new(code, Severity.Error, SourceLocation.None, path, message, fix);
}
