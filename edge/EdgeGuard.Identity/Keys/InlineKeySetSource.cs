using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Keys;

/// <summary>Keys that the bundle itself holds; they were checked when it was read.</summary>
internal sealed class InlineKeySetSource(string issuerId, ImmutableArray<InlineKeyDefinition> keys) : IKeySetSource
{
    /// <inheritdoc />
    public TimeSpan Interval => TimeSpan.FromHours(1);

    /// <inheritdoc />
    public Task<KeySetRead> FetchAsync(CancellationToken cancellation) => Task.FromResult(Read());

    private KeySetRead Read()
    {
        var usable = new List<VerificationKey>();
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var definition in keys)
        {
            var read = PublicKeyReader.Read(definition.PublicKey);
            var why = read.Why;
            if (read.Key is { } key && VerificationKey.Create(definition.KeyId, key, out why) is { } ready)
            {
                usable.Add(ready);
            }
            else
            {
                problems.Add(KeySetRead.Problem(
                    IdentityCodes.KeyNotUsable, issuerId, $"key {definition.KeyId} of the bundle is left out: {why}", "correct the key in the bundle"));
            }
        }

        return new KeySetRead(usable.Count == 0 ? null : new KeySet(usable), problems.ToImmutable());
    }
}
