using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Decide;

/// <summary>What one admitted request has taken and still has to be told the end of. Reused; see <see cref="AdmissionBook"/>.</summary>
internal sealed class AdmissionRecord
{
    /// <summary>Limits with something to tell that one request usually has at most.</summary>
    private const int UsualLimits = 4;

    private Reservation[] _reservations = new Reservation[UsualLimits];

    /// <summary>How often the record has been given out and closed; odd while it is open.</summary>
    public int Generation;

    /// <summary>Index of the next free record, while this one is free.</summary>
    public int NextFree;

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

    /// <summary>Copies what has to be told of the end.</summary>
    public void Fill(CompiledPolicy policy, TableBinding binding, ReadOnlySpan<Reservation> taken, long nanoseconds)
    {
        Policy = policy;
        Binding = binding;
        StartNanoseconds = nanoseconds;
        AnsweredNanoseconds = 0;
        Settled = false;
        Count = 0;
        foreach (ref readonly var reservation in taken)
        {
            if (!reservation.Taken || !policy.Limits[reservation.Limit].NeedsEnding)
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

    /// <summary>The LLM rule that a reservation reserves tokens for, or null.</summary>
    public CompiledLlm? TokensOf(in Reservation reservation)
    {
        var limit = Policy.Limits[reservation.Limit];
        if (limit.Rule < 0 || limit.Kind == LimitKind.Concurrency)
        {
            return null;
        }

        var rule = Policy.Rules[limit.Rule];
        return reservation.Limit >= rule.FirstTrial && rule.TrialCount > 0 ? rule.TrialLlm : rule.Llm;
    }

    /// <summary>Lets go of what it points to.</summary>
    public void Clear()
    {
        Binding = null!;
        Policy = null!;
        Count = 0;
    }
}
