using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Sync;

/// <summary>The whole set of API keys that the control plane pushed, by digest; those of the bundle add to it.</summary>
internal sealed class ApiKeySet(PushedSetContext context, Lazy<CallerVerifier> callers)
    : PushedSet(StreamEvents.ApiKeys, StateFiles.ApiKeys, DocumentType.ApiKeys, context)
{
    /// <inheritdoc />
    protected override (int Count, ImmutableArray<Diagnostic> Problems) Use(ReadOnlyMemory<byte> payload)
    {
        var (keys, problems) = BundleReader.ReadApiKeys(payload, StateFiles.ApiKeys);
        if (!problems.Any(found => found.Severity == Severity.Error) && (!keys.IsEmpty || callers.IsValueCreated))
        {
            callers.Value.UsePushedKeys(keys);
        }

        return (keys.Length, problems);
    }
}
