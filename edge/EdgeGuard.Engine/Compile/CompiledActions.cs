using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Compile;

/// <summary>Staged actions of a budget by what is used after a request, in the limit's units.</summary>
internal sealed class CompiledActions
{
    private readonly ulong[] _from;
    private readonly int[] _delays;

    private CompiledActions(ulong[] from, int[] delays)
    {
        _from = from;
        _delays = delays;
    }

    /// <summary>Compiles those actions that do not reject; null when there are none.</summary>
    /// <param name="actions">By rising threshold.</param>
    /// <param name="budget">Units of the whole budget.</param>
    /// <param name="effective">Units from which the lowest rejecting action refuses, which is the quota that counts.</param>
    public static CompiledActions? Compile(ImmutableArray<StagedAction> actions, ulong budget, out ulong effective)
    {
        effective = budget;
        var from = new List<ulong>(actions.Length);
        var delays = new List<int>(actions.Length);
        foreach (var action in actions)
        {
            var units = (ulong)decimal.Floor(budget * (decimal)action.ThresholdPercent / 100);
            if (action.Action == StagedActionKind.Reject)
            {
                effective = Math.Min(effective, units);
                continue;
            }

            from.Add(units);
            delays.Add(action.Action == StagedActionKind.Throttle ? action.DelayMilliseconds : 0);
        }

        return from.Count == 0 ? null : new CompiledActions([.. from], [.. delays]);
    }

    /// <summary>The action with the highest threshold that is reached: -1 none, 0 a warning, otherwise the delay in milliseconds.</summary>
    public int At(ulong used)
    {
        var found = -1;
        for (var i = 0; i < _from.Length && _from[i] <= used; i++)
        {
            found = _delays[i];
        }

        return found;
    }
}
