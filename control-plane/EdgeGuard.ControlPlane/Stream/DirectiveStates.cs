using System.Collections.Concurrent;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>What is in force for each organization, as far as it was committed and looked at here.</summary>
internal sealed class DirectiveStates
{
    private readonly ConcurrentDictionary<string, DirectiveState> _states = new(StringComparer.Ordinal);

    /// <summary>The newest state of an organization, or null before it was loaded.</summary>
    public DirectiveState? Find(string organizationId) => _states.GetValueOrDefault(organizationId);

    /// <summary>Adds what was read after, or as part of, a commit. Gives the newer of each part.</summary>
    public DirectiveState Merge(DirectiveState newer) =>
        _states.AddOrUpdate(newer.OrganizationId, newer, (_, present) => present.Merge(newer));
}
