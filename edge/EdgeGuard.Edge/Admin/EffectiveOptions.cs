using System.Collections.Immutable;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Admin;

/// <summary>The options that this process runs with, each with where it came from; secrets are stars already.</summary>
internal sealed record EffectiveOptions(ImmutableArray<EffectiveOption> Items);
