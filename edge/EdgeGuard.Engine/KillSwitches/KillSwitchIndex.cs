using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.KillSwitches;

/// <summary>
/// One set of kill switches: two look-ups for each fact that any of them names, however many there are. Of switches that say the same (fact,
/// value and route) the first that has not expired counts. One that ends no later than one before it never does and is left out, so that the
/// others end one after the other and the first in force is found by halving.
/// </summary>
internal sealed class KillSwitchIndex
{
    private readonly DescriptorKey[] _keys;
    private readonly int[] _slots;
    private readonly ByteMap _values;
    private readonly int[] _everywhere;
    private readonly ByteMap _routes;
    private readonly int[] _members;
    private readonly int[] _starts;
    private readonly long[] _ends;

    private KillSwitchIndex(
        ImmutableArray<KillSwitchDefinition> switches,
        DescriptorKey[] keys,
        int[] slots,
        ByteMap values,
        int[] everywhere,
        ByteMap routes,
        List<List<int>> groups)
    {
        Switches = switches;
        _keys = keys;
        _slots = slots;
        _values = values;
        _everywhere = everywhere;
        _routes = routes;
        var members = new List<int>(switches.Length);
        _starts = new int[groups.Count + 1];
        for (var i = 0; i < groups.Count; i++)
        {
            members.AddRange(groups[i]);
            _starts[i + 1] = members.Count;
        }

        _members = [.. members];
        _ends = new long[_members.Length];
        for (var i = 0; i < _ends.Length; i++)
        {
            _ends[i] = EndOf(switches[_members[i]]);
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
        var groups = new List<List<int>>(switches.Length);
        for (var i = 0; i < switches.Length; i++)
        {
            var definition = switches[i];
            var key = (slots.SlotOf(definition.ScopeKey), definition.ScopeValue);
            if (!values.TryGetValue(key, out var value))
            {
                value = everywhere.Count;
                values.Add(key, value);
                everywhere.Add(-1);
            }

            var group = definition.Route is null ? everywhere[value] : routes.GetValueOrDefault((value, definition.Route), -1);
            if (group < 0)
            {
                group = groups.Count;
                groups.Add([i]);
            }
            else if (EndOf(definition) > EndOf(switches[groups[group][^1]]))
            {
                groups[group].Add(i);
            }

            if (definition.Route is null)
            {
                everywhere[value] = group;
            }
            else
            {
                routes[(value, definition.Route)] = group;
            }
        }

        return new KillSwitchIndex(
            switches,
            [.. keys],
            [.. keySlots],
            Map(values),
            [.. everywhere],
            Map(routes),
            groups);
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

    /// <summary>The first of rising ends that lies after a moment, or their number when none does; a look for each halving of them.</summary>
    internal static int FirstAfter<TMoment>(ReadOnlySpan<long> ends, TMoment moment)
        where TMoment : IComparable<long>
    {
        var found = ends.BinarySearch(moment);
        return found < 0 ? ~found : found + 1;
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

    private static long EndOf(KillSwitchDefinition definition) => definition.ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;

    private int FirstInForce(int group, long unixMilliseconds)
    {
        if (group < 0)
        {
            return -1;
        }

        var (start, end) = (_starts[group], _starts[group + 1]);
        var first = start + FirstAfter(_ends.AsSpan(start, end - start), unixMilliseconds);
        return first < end ? _members[first] : -1;
    }
}
