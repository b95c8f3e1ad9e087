using System.Runtime.CompilerServices;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Facts;

/// <summary>
/// The facts of one request: a value or a state for each slot of a <see cref="FactPlan"/>, in one reusable arena. A door keeps one a
/// connection or takes one from a pool. Not safe for concurrent use. Values longer than <see cref="MaxValueBytes"/> are kept as
/// <see cref="FactState.Unverifiable"/>, so that they are refused and never truncated into another's counter.
/// </summary>
public sealed class FactSet
{
    /// <summary>Longest value of one fact in bytes.</summary>
    public const int MaxValueBytes = 4096;

    /// <summary>Most bytes that one UTF-16 unit takes.</summary>
    private const int MaxUtf8OfChar = 3;

    private byte[] _arena = new byte[1024];
    private Entry[] _entries = new Entry[16];
    private int _used;
    private DecisionStep[] _steps = [];
    private int _stepCount;
    private int[] _missing = new int[4];
    private int _missingCount;
    private CounterKey[] _names = new CounterKey[8];
    private uint _unavailable;
    private Denial _denial;

    /// <summary>Slots of the plan that it was begun with.</summary>
    public int Count { get; private set; }

    /// <summary>What the body tells.</summary>
    public BodyFacts Body { get; } = new();

    /// <summary>What is known of who calls.</summary>
    public CallerFacts Caller { get; } = new();

    /// <summary>What is known of the request as the delivery of webhooks.</summary>
    public DeliveryFacts Deliveries { get; } = new();

    /// <summary>How many times more than once the request counts: every cost is taken so often in addition.</summary>
    public uint ExtraHits { get; set; }

    /// <summary>Whether what the request takes may have to be given back as a whole, even if it holds nothing.</summary>
    public bool Returnable { get; set; }

    /// <summary>Scratch of the decision that is being taken for this request: what it will take, rule by rule.</summary>
    internal Reservation[] Reservations { get; private set; } = new Reservation[8];

    /// <summary>The policies that the decision that is being taken is by.</summary>
    internal MatchList Matches { get; } = new();

    /// <summary>Why the decision that is being taken refuses. Here and not in the evaluation, whose every byte is cleared for each decision.</summary>
    internal ref Denial Denial => ref _denial;

    /// <summary>Forgets all values and makes room for a plan's slots, all missing.</summary>
    public void Begin(FactPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Count = plan.Slots.Length;
        if (_entries.Length < Count)
        {
            _entries = new Entry[Count];
        }

        foreach (ref var entry in _entries.AsSpan(0, Count))
        {
            entry = default;
        }

        _used = 0;
        _stepCount = 0;
        ExtraHits = 0;
        Returnable = false;
        Caller.Clear();
        Deliveries.Clear();
        _missingCount = 0;
        _unavailable = 0;
        if (Body.IsRead || Body.IsTooLarge)
        {
            Body.Clear();
        }
    }

    /// <summary>Tells that facts of a kind cannot be known now, because the file that they come from could never be read.</summary>
    public void MarkUnavailable(DescriptorKind kind) => _unavailable |= 1u << (int)kind;

    /// <summary>Whether facts of a kind cannot be known now.</summary>
    public bool IsUnavailable(DescriptorKind kind) => (_unavailable & (1u << (int)kind)) != 0;

    /// <summary>Gives a slot its value. An empty value leaves it missing. A second value for one slot is ignored: the first counts.</summary>
    public void Set(int slot, ReadOnlySpan<byte> utf8)
    {
        if (_entries[slot].State != FactState.Missing || utf8.IsEmpty)
        {
            return;
        }

        if (utf8.Length > MaxValueBytes)
        {
            SetUnverifiable(slot);
            return;
        }

        utf8.CopyTo(Reserve(utf8.Length));
        _entries[slot] = new Entry(FactState.Present, _used, utf8.Length);
        _used += utf8.Length;
    }

    /// <summary>As <see cref="Set(int, ReadOnlySpan{byte})"/>, from text.</summary>
    public void Set(int slot, ReadOnlySpan<char> text)
    {
        if (_entries[slot].State != FactState.Missing || text.IsEmpty)
        {
            return;
        }

        if (text.Length > MaxValueBytes / MaxUtf8OfChar && Encoding.UTF8.GetByteCount(text) > MaxValueBytes)
        {
            SetUnverifiable(slot);
            return;
        }

        // Room for whatever it is: to count its bytes first would mean reading it twice.
        var length = Encoding.UTF8.GetBytes(text, Reserve(text.Length * MaxUtf8OfChar));
        _entries[slot] = new Entry(FactState.Present, _used, length);
        _used += length;
    }

    /// <summary>Gives a slot a value whatever it had, or none for an empty one; nothing for a slot that is not there.</summary>
    internal void Replace(int slot, ReadOnlySpan<byte> utf8)
    {
        if (slot >= 0 && slot < Count)
        {
            _entries[slot] = default;
            Set(slot, utf8);
        }
    }

    /// <summary>Marks a slot as claimed but not verifiable, with no value that could be looked at.</summary>
    public void SetUnverifiable(int slot) => _entries[slot] = new Entry(FactState.Unverifiable, 0, 0);

    /// <summary>Marks a slot as unverifiable whose value, if it has one, was contradicted: kill switches may still look at it.</summary>
    public void Doubt(int slot) => _entries[slot] = _entries[slot] with { State = FactState.Unverifiable };

    /// <summary>
    /// Marks a slot as claimed but not verified and keeps what was claimed: only a kill switch may look at it, because it only ever refuses.
    /// </summary>
    public void SetUnverifiable(int slot, ReadOnlySpan<char> claimed)
    {
        var length = Encoding.UTF8.GetByteCount(claimed);
        if (length > MaxValueBytes)
        {
            SetUnverifiable(slot);
            return;
        }

        Encoding.UTF8.GetBytes(claimed, Reserve(length));
        _entries[slot] = new Entry(FactState.Unverifiable, _used, length);
        _used += length;
    }

    /// <summary>What is known of a slot.</summary>
    public FactState StateOf(int slot) => _entries[slot].State;

    /// <summary>The value of a slot if it is present; empty otherwise, which no value is.</summary>
    internal ReadOnlySpan<byte> PresentValueOf(int slot)
    {
        ref readonly var entry = ref _entries[slot];
        return entry.State == FactState.Present ? _arena.AsSpan(entry.Offset, entry.Length) : default;
    }

    /// <summary>Whether all of some slots are present.</summary>
    internal bool ArePresent(ReadOnlySpan<int> slots)
    {
        foreach (var slot in slots)
        {
            if (_entries[slot].State != FactState.Present)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A slot's value; of an unverifiable one what was claimed, for kill switches only; empty when missing.</summary>
    public ReadOnlySpan<byte> ValueOf(int slot)
    {
        ref readonly var entry = ref _entries[slot];
        return _arena.AsSpan(entry.Offset, entry.Length);
    }

    /// <summary>What the last recorded decision considered, in order. Valid until the next decision or <see cref="Begin"/>.</summary>
    public ReadOnlySpan<DecisionStep> Steps => _steps.AsSpan(0, _stepCount);

    /// <summary>Slots of limit keys that decisions since <see cref="Begin"/> found missing, each once, in the order found.</summary>
    public ReadOnlySpan<int> MissingSlots => _missing.AsSpan(0, _missingCount);

    internal void AddMissing(int slot)
    {
        if (MissingSlots.Contains(slot))
        {
            return;
        }

        if (_missingCount == _missing.Length)
        {
            Array.Resize(ref _missing, _missingCount * 2);
        }

        _missing[_missingCount++] = slot;
    }

    internal void ClearSteps() => _stepCount = 0;

    internal void AddStep(in DecisionStep step)
    {
        if (_stepCount == _steps.Length)
        {
            Array.Resize(ref _steps, Math.Max(16, _stepCount * 2));
        }

        _steps[_stepCount++] = step;
    }

    /// <summary>A place in the scratch, which grows as needed and is kept.</summary>
    internal ref Reservation NextReservation(int index)
    {
        if (index == Reservations.Length)
        {
            GrowReservations();
        }

        return ref Reservations[index];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowReservations()
    {
        var larger = Reservations;
        Array.Resize(ref larger, larger.Length * 2);
        Reservations = larger;
    }

    /// <summary>Room for so many names of counters, which stays as it is until it is asked for again.</summary>
    internal Span<CounterKey> Names(int count)
    {
        if (_names.Length < count)
        {
            _names = new CounterKey[Math.Max(count, _names.Length * 2)];
        }

        return _names.AsSpan(0, count);
    }

    private Span<byte> Reserve(int length)
    {
        if (_arena.Length - _used < length)
        {
            Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _used + length));
        }

        return _arena.AsSpan(_used, length);
    }

    private readonly record struct Entry(FactState State, int Offset, int Length);
}
