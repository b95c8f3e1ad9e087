using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Takeover;

/// <summary>
/// While a process that was taken over ends its requests, kill switches reach the other one only. That one keeps them in the state directory, and from
/// there they come into force here as well, for the requests that are still under way.
/// </summary>
internal sealed class DrainedKillSwitches
{
    private readonly StateDirectory _state;
    private readonly (string Name, Action Restore)[] _sets;
    private readonly byte[]?[] _seen;

    /// <summary>Looks from here on for what is newer than now.</summary>
    public DrainedKillSwitches(StateDirectory state, LocalKillSwitches local, PushedKillSwitches? pushed)
    {
        _state = state;
        _sets = pushed is null
            ? [(StateFiles.LocalKillSwitches, local.Restore)]
            : [(StateFiles.LocalKillSwitches, local.Restore), (StateFiles.KillSwitches, pushed.Restore)];
        _seen = [.. _sets.Select(set => Read(set.Name))];
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
                    _sets[i].Restore();
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
