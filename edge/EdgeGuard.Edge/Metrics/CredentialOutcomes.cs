using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Counts what became of the credentials of one kind; what becomes of nearly all of them without looking for their counters.</summary>
/// <param name="find">The counter of an outcome.</param>
internal sealed class CredentialOutcomes(Func<string, Counter> find)
{
    private Counter? _none;
    private Counter? _verified;

    /// <summary>Counts one.</summary>
    public void Add(Credential credential)
    {
        var counter = credential.Outcome switch
        {
            CredentialOutcome.None => _none ??= find("none"),
            CredentialOutcome.Verified => _verified ??= find("verified"),
            CredentialOutcome.Unavailable => find("keys_unavailable"),
            _ => find(credential.Failure.Length > 0 ? credential.Failure : "invalid"),
        };
        counter.Add();
    }
}
