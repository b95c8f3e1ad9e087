namespace EdgeGuard.Bundles.Schema;

/// <summary>What a text stands for, where a pattern alone does not say it.</summary>
internal enum TextForm : byte
{
    /// <summary>Words for people, or a value that is only compared.</summary>
    Plain,

    /// <summary>Something with a syntax that carries no secret and needs no randomness: ids, hosts, paths, names.</summary>
    Name,

    /// <summary>A value from traffic (match, scope value, test header): may look random without being a secret.</summary>
    TrafficValue,

    /// <summary>The value of a kill switch: in an incident it may have to be a leaked credential.</summary>
    KilledValue,

    /// <summary><c>500ms 30s 5m 1h 7d</c>.</summary>
    Duration,

    /// <summary><c>2026-01-31T12:00:00Z</c>.</summary>
    Timestamp,

    /// <summary><c>header:x-api-key</c>.</summary>
    Descriptor,

    /// <summary><c>fixed</c>, <c>header:name</c> or <c>query:name</c>.</summary>
    CostSource,

    /// <summary>A digest or a public key: random by nature and public.</summary>
    PublicBytes,

    /// <summary>An address that may be, or hold, a reference.</summary>
    Url,

    /// <summary>Only ever a reference such as <c>${env:NAME}</c>.</summary>
    Secret,
}
