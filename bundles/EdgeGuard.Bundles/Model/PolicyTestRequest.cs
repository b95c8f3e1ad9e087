using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>A request of a policy test. Claims are given, as if a token had been verified.</summary>
public sealed record PolicyTestRequest
{
    /// <summary>Stands for a signature that fits no secret; no provider may have it as its id.</summary>
    public const string InvalidDelivery = "invalid";

    public string Method { get; init; } = "GET";

    public string Host { get; init; } = "localhost";

    /// <summary>Request target: path and, after <c>?</c>, query.</summary>
    public string Path { get; init; } = "/";

    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ImmutableArray<KeyValuePair<string, string>> Claims { get; init; } = [];

    /// <summary>Claims that are lists.</summary>
    public ImmutableArray<KeyValuePair<string, ImmutableArray<string>>> ClaimLists { get; init; } = [];

    /// <summary>Id of the token's issuer, or null for the bundle's first.</summary>
    public string? Issuer { get; init; }

    /// <summary>What the caller's credentials may do.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>Kinds of credentials that were presented and could not be verified.</summary>
    public CredentialKinds Invalid { get; init; }

    /// <summary>Id of the webhook provider whose valid delivery it is, <see cref="InvalidDelivery"/>, or null for no delivery.</summary>
    public string? Webhook { get; init; }

    /// <summary>Client address, or null for 192.0.2.1.</summary>
    public string? Ip { get; init; }

    /// <summary>Request body, or null for none.</summary>
    public string? Body { get; init; }

    /// <summary>Values of descriptors that come from elsewhere than the request: local data files, trusted proxies, verified keys, agents and certificates.</summary>
    public ImmutableArray<KeyValuePair<DescriptorKey, string>> Facts { get; init; } = [];
}
