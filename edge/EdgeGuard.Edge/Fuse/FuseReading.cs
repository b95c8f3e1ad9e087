using EdgeGuard.Contracts;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Fuse;

/// <summary>How many requests were decided, and how many of them refused, since the process started. What a kill switch refused is in neither.</summary>
/// <param name="Decided">Decisions in force; shadows are left out.</param>
/// <param name="Refused">Those that refused.</param>
internal readonly record struct FuseReading(long Decided, long Refused)
{
    /// <summary>Refused requests of a hundred; 0 without a request.</summary>
    public double Percent => Decided == 0 ? 0 : 100.0 * Refused / Decided;

    /// <summary>What came after an earlier reading.</summary>
    public FuseReading Since(FuseReading earlier) => new(Decided - earlier.Decided, Refused - earlier.Refused);

    /// <summary>Sums counts. Kill switches are left out: somebody flips one on purpose, and it says nothing about the bundle.</summary>
    public static FuseReading Of(IEnumerable<DecisionCount> counts)
    {
        var (decided, refused) = (0L, 0L);
        foreach (var count in counts)
        {
            if (count.Shadow || string.Equals(count.Reason, KillSwitch, StringComparison.Ordinal))
            {
                continue;
            }

            decided += count.Count;
            refused += string.Equals(count.Verdict, Reject, StringComparison.Ordinal) ? count.Count : 0;
        }

        return new FuseReading(decided, refused);
    }

    private static readonly string KillSwitch = Reasons.Name(Reason.KillSwitch);

    private static readonly string Reject = Verdicts.Name(Verdict.Reject);
}
