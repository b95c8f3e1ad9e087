using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.KillSwitches;

/// <summary>
/// One set of kill switches: two look-ups for each fact that any of them names, however many there are. Switches that say the same (fact,
/// value and route) hang in a chain, of which the first that has not expired counts.
/// </summary>
internal sealed class KillSwitchIndex
{
    private readonly DescriptorKey[] _keys;
    private readonly int[] _slots;
    private readonly ByteMap _values;
    private readonly int[] _everywhere;
    private readonly ByteMap _routes;
    private readonly int[] _next;
    private readonly long[] _expires;

    private KillSwitchIndex(
        ImmutableArray<KillSwitchDefinition> switches,
        DescriptorKey[] keys,
        int[] slots,
        ByteMap values,
        int[] everywhere,
        ByteMap routes,
        int[] next)
    {
        Switches = switches;
        _keys = keys;
        _slots = slots;
        _values = values;
        _everywhere = everywhere;
        _routes = routes;
        _next = next;
        _expires = new long[switches.Length];
        for (var i = 0; i < switches.Length; i++)
        {
            _expires[i] = switches[i].ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        }
    }

    public static KillSwitchIndex Empty { get; } = new([], [], [], ByteMap.Empty, [], ByteMap.Empty, []);

    public ImmutableArray<KillSwitchDefinition> Switches { get; }

    /// <summary>Builds an index.</summary>
    /// <param name="switches">The whole set.</param>
    /// <param name="slots">Gives a fact its slot in the snapshot's plan.</param>
    /// <param name="previous">The index of an earlier snapshot, which is kept if it is of the same set and slots.</param>
    public static KillSwitchIndex Build(ImmutableArray<KillSwitchDefinition> switches, SlotAllocator slots, KillSwitchIndex? previous)
    {
        if (switches.IsEmpty)
        {
            return Empty;
        }

        return previous is not null && previous.Switches == switches && previous.HasSlots(slots)
            ? previous
            : Build(switches, slots);
    }

    private static KillSwitchIndex Build(ImmutableArray<KillSwitchDefinition> switches, SlotAllocator slots)
    {
        var seen = new HashSet<DescriptorKey>();
        var keys = new List<DescriptorKey>();
        var keySlots = new List<int>();
        foreach (var definition in switches)
        {
            if (seen.Add(definition.ScopeKey))
            {
                keys.Add(definition.ScopeKey);
                keySlots.Add(slots.SlotOf(definition.ScopeKey));
            }
        }

        var values = new Dictionary<(int Slot, string Value), int>();
        var everywhere = new List<int>();
        var routes = new Dictionary<(int Value, string Route), int>();
        var next = new int[switches.Length];
        for (var i = switches.Length - 1; i >= 0; i--)
        {
            var definition = switches[i];
            var key = (slots.SlotOf(definition.ScopeKey), definition.ScopeValue);
            if (!values.TryGetValue(key, out var value))
            {
                value = everywhere.Count;
                values.Add(key, value);
                everywhere.Add(-1);
            }

            if (definition.Route is null)
            {
                next[i] = everywhere[value];
                everywhere[value] = i;
            }
            else
            {
                next[i] = routes.GetValueOrDefault((value, definition.Route), -1);
                routes[(value, definition.Route)] = i;
            }
        }

        return new KillSwitchIndex(
            switches,
            [.. keys],
            [.. keySlots],
            Map(values),
            [.. everywhere],
            Map(routes),
            next);
    }

    /// <summary>The switch that refuses a request, or -1. An unverified claim counts too: a kill switch only ever refuses.</summary>
    public int Find(FactSet facts, ReadOnlySpan<byte> path, long unixMilliseconds)
    {
        foreach (var slot in _slots)
        {
            if (facts.StateOf(slot) == FactState.Missing)
            {
                continue;
            }

            var value = _values.Find(slot, facts.ValueOf(slot));
            if (value < 0)
            {
                continue;
            }

            var found = FirstInForce(_everywhere[value], unixMilliseconds);
            if (found < 0)
            {
                found = FirstInForce(_routes.Find(value, path), unixMilliseconds);
            }

            if (found >= 0)
            {
                return found;
            }
        }

        return -1;
    }

    private static ByteMap Map(Dictionary<(int Scope, string Text), int> numbers)
    {
        var entries = new List<(int, byte[], int)>(numbers.Count);
        foreach (var ((scope, text), value) in numbers)
        {
            entries.Add((scope, Encoding.UTF8.GetBytes(text), value));
        }

        return ByteMap.Build(entries);
    }

    // Also gives the facts of a kept index their slots in the new plan.
    private bool HasSlots(SlotAllocator slots)
    {
        var same = true;
        for (var i = 0; i < _keys.Length; i++)
        {
            same &= slots.SlotOf(_keys[i]) == _slots[i];
        }

        return same;
    }

    private int FirstInForce(int first, long unixMilliseconds)
    {
        for (var i = first; i >= 0; i = _next[i])
        {
            if (_expires[i] > unixMilliseconds)
            {
                return i;
            }
        }

        return -1;
    }
}
