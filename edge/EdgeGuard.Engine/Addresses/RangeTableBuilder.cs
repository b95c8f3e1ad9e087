using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Addresses;

/// <summary>Lays networks flat: sorts them, and walks them with the stack of those that an address is in.</summary>
internal sealed class RangeTableBuilder<TAddress>
    where TAddress : unmanaged, IBinaryInteger<TAddress>, IUnsignedNumber<TAddress>, IMinMaxValue<TAddress>
{
    private readonly List<PrefixEntry<TAddress>> _entries = [];
    private readonly Stack<PrefixEntry<TAddress>> _open = new();
    private readonly List<TAddress> _starts = [];
    private readonly List<uint> _values = [];

    public int Count => _entries.Count;

    public void Add(PrefixEntry<TAddress> entry) => _entries.Add(entry);

    /// <summary>Builds the table; the builder is used up.</summary>
    /// <param name="contradiction">Told of two lines that say different things of one network; the earlier line first.</param>
    public RangeTable<TAddress> Build(Action<int, int> contradiction)
    {
        if (_entries.Count == 0)
        {
            return new RangeTable<TAddress>([], []);
        }

        var entries = CollectionsMarshal.AsSpan(_entries);
        entries.Sort(default(Order));
        Emit(TAddress.Zero, AddressValue.None);
        foreach (ref readonly var entry in entries)
        {
            CloseBefore(entry.Start);
            if (_open.TryPeek(out var around) && around.Start == entry.Start && around.End == entry.End)
            {
                if (around.Value != entry.Value)
                {
                    contradiction(around.Line, entry.Line);
                }

                continue;
            }

            _open.Push(entry);
            Emit(entry.Start, entry.Value);
        }

        while (_open.Count > 0)
        {
            CloseLast();
        }

        return new RangeTable<TAddress>([.. _starts], [.. _values]);
    }

    private void CloseBefore(TAddress start)
    {
        while (_open.TryPeek(out var last) && last.End < start)
        {
            CloseLast();
        }
    }

    private void CloseLast()
    {
        var last = _open.Pop();
        if (last.End != TAddress.MaxValue)
        {
            Emit(last.End + TAddress.One, _open.TryPeek(out var around) ? around.Value : AddressValue.None);
        }
    }

    private void Emit(TAddress start, uint value)
    {
        if (_starts.Count > 0 && _starts[^1] == start)
        {
            _values[^1] = value;
        }
        else if (_values.Count == 0 || _values[^1] != value)
        {
            _starts.Add(start);
            _values.Add(value);
        }
    }

    // By first address, larger networks before those in them, then as in the list.
    private readonly struct Order : IComparer<PrefixEntry<TAddress>>
    {
        public int Compare(PrefixEntry<TAddress> x, PrefixEntry<TAddress> y)
        {
            var order = x.Start.CompareTo(y.Start);
            order = order != 0 ? order : y.End.CompareTo(x.End);
            return order != 0 ? order : x.Line.CompareTo(y.Line);
        }
    }
}
