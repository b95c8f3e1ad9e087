using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>A request of a policy test. Claims are given, as if a token had been verified.</summary>
public sealed record PolicyTestRequest
{
    public string Method { get; init; } = "GET";

    public string Host { get; init; } = "localhost";

    /// <summary>Request target: path and, after <c>?</c>, query.</summary>
    public string Path { get; init; } = "/";

    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ImmutableArray<KeyValuePair<string, string>> Claims { get; init; } = [];

    /// <summary>Client address, or null for 192.0.2.1.</summary>
    public string? Ip { get; init; }

    /// <summary>Request body, or null for none.</summary>
    public string? Body { get; init; }

    /// <summary>Values of descriptors that come from local data files or trusted proxies, such as <c>ip:country</c>.</summary>
    public ImmutableArray<KeyValuePair<DescriptorKey, string>> Facts { get; init; } = [];
}
