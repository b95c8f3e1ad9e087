using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Decide;

/// <summary>What one admitted request has taken and still has to be told the end of. Reused; see <see cref="AdmissionBook"/>.</summary>
internal sealed class AdmissionRecord
{
    /// <summary>Limits that one request usually takes from at most.</summary>
    private const int UsualLimits = 4;

    private readonly byte[] _model = new byte[BodyText.MaxCapacity];
    private Reservation[] _reservations = new Reservation[UsualLimits];
    private Reservation[] _extensions = [];
    private int _extensionCount;
    private int _modelLength;

    /// <summary>How often the record has been given out and closed; odd while it is open.</summary>
    public int Generation;

    /// <summary>Index of the next free record, while this one is free.</summary>
    public int NextFree;

    /// <summary>
    /// Held by whoever works on it: usage and ending may be told at once, and the record must not be another request's before both are done.
    /// </summary>
    public Lock Gate { get; } = new();

    public TableBinding Binding { get; private set; } = null!;

    public CompiledPolicy Policy { get; private set; } = null!;

    /// <summary>When it was forwarded, or else decided.</summary>
    public long StartNanoseconds { get; set; }

    /// <summary>When the upstream began to answer with a stream; 0 when the end of its answer counts.</summary>
    public long AnsweredNanoseconds { get; set; }

    /// <summary>Whether actual usage was told already.</summary>
    public bool Settled { get; set; }

    public int Count { get; private set; }

    public Span<Reservation> Reservations => _reservations.AsSpan(0, Count);

    /// <summary>What a stream took beyond what was reserved.</summary>
    public Span<Reservation> Extensions => _extensions.AsSpan(0, _extensionCount);

    /// <summary>The model that the request names, or nothing.</summary>
    public ReadOnlySpan<byte> Model => _model.AsSpan(0, _modelLength);

    /// <summary>Keeps what a stream took.</summary>
    public void Extend(in Reservation taken)
    {
        if (_extensionCount == _extensions.Length)
        {
            Array.Resize(ref _extensions, Math.Max(UsualLimits, _extensionCount * 2));
        }

        _extensions[_extensionCount++] = taken;
    }

    /// <summary>Units that a reservation and its extensions hold.</summary>
    public ulong UnitsOf(in Reservation reservation)
    {
        var units = reservation.Cost;
        foreach (ref readonly var more in Extensions)
        {
            units += more.Limit == reservation.Limit && more.Group == reservation.Group ? more.Cost : 0;
        }

        return units;
    }

    /// <summary>Copies all that was taken: a request that is not forwarded after all gives everything back.</summary>
    public void Fill(CompiledPolicy policy, TableBinding binding, ReadOnlySpan<Reservation> taken, ReadOnlySpan<byte> model, long nanoseconds)
    {
        model.CopyTo(_model);
        _modelLength = model.Length;
        _extensionCount = 0;
        Policy = policy;
        Binding = binding;
        StartNanoseconds = nanoseconds;
        AnsweredNanoseconds = 0;
        Settled = false;
        Count = 0;
        foreach (ref readonly var reservation in taken)
        {
            if (!reservation.Taken)
            {
                continue;
            }

            if (Count == _reservations.Length)
            {
                Array.Resize(ref _reservations, Count * 2);
            }

            _reservations[Count++] = reservation;
        }
    }

    /// <summary>What a reservation reserves tokens by, or null.</summary>
    public CompiledLlm? TokensOf(in Reservation reservation) => Policy.Limits[reservation.Limit].Llm;

    /// <summary>Whether any tokens are reserved.</summary>
    public bool ReservesTokens
    {
        get
        {
            foreach (ref var reservation in Reservations)
            {
                if (TokensOf(in reservation) is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The longest time that a door which does not see the end keeps what is held.</summary>
    public TimeSpan MaxHold
    {
        get
        {
            var longest = TimeSpan.Zero;
            foreach (ref var reservation in Reservations)
            {
                var hold = Policy.Limits[reservation.Limit].MaxHold;
                longest = hold > longest ? hold : longest;
            }

            return longest;
        }
    }

    /// <summary>Lets go of what it points to.</summary>
    public void Clear()
    {
        Binding = null!;
        Policy = null!;
        Count = 0;
        _extensionCount = 0;
    }
}
