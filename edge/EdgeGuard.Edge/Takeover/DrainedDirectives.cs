using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;

namespace EdgeGuard.Edge.Takeover;

/// <summary>
/// While a process that was taken over ends its requests, kill switches, revocations and API keys reach the other one only. That one keeps them in the state
/// directory, and from there they come into force here as well, for the requests that are still under way.
/// </summary>
internal sealed class DrainedDirectives
{
    private readonly StateDirectory _state;
    private readonly (string Name, Action Follow)[] _sets;
    private readonly byte[]?[] _seen;

    /// <summary>Looks at what is kept. A pushed set is never replaced by an older one, whatever is kept; local kill switches are written by the owner alone.</summary>
    public DrainedDirectives(StateDirectory state, LocalKillSwitches local, PushedKillSwitches? pushed, RevocationSet? revocations, ApiKeySet? keys)
    {
        _state = state;
        _sets =
        [
            (StateFiles.LocalKillSwitches, local.Restore),
            .. pushed is null ? [] : new (string, Action)[] { (StateFiles.KillSwitches, pushed.Follow) },
            .. revocations is null ? [] : new (string, Action)[] { (StateFiles.Revocations, revocations.Follow) },
            .. keys is null ? [] : new (string, Action)[] { (StateFiles.ApiKeys, keys.Follow) },
        ];

        // Nothing has been seen yet: what the other process kept before this was made counts as well.
        _seen = new byte[]?[_sets.Length];
    }

    /// <summary>Puts a set in force that has changed since the last look.</summary>
    public void Look()
    {
        for (var i = 0; i < _sets.Length; i++)
        {
            if (Read(_sets[i].Name) is { } now && !now.AsSpan().SequenceEqual(_seen[i]))
            {
                _seen[i] = now;
                try
                {
                    _sets[i].Follow();
                }
                catch (StateException)
                {
                    // What cannot be used is set aside by its owner.
                }
            }
        }
    }

    private byte[]? Read(string name)
    {
        try
        {
            return _state.Read(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
