namespace EdgeGuard.Bench.Load.Comparing;

/// <summary>
/// Tells when a server has become as fast as it gets, from what an answer has cost in one slice after the other. A busy machine makes slices dearer and none
/// cheaper, so it looks at the cheapest only: warm is a server whose last slices were no cheaper than one before them, and which compiled nothing meanwhile.
/// </summary>
internal sealed class Steadiness
{
    /// <summary>Slices without progress that are waited for; code is compiled anew in steps, with seconds between them.</summary>
    public const int Patience = 4;

    /// <summary>What counts as progress.</summary>
    public const double Progress = 0.03;

    private double _best = double.PositiveInfinity;
    private int _since;

    /// <summary>Whether it is as fast as it gets.</summary>
    public bool IsReached => _since >= Patience;

    /// <summary>Takes the next slice in.</summary>
    /// <param name="cost">What an answer has cost; in any unit.</param>
    /// <param name="compiled">Whether the server compiled code meanwhile. On a slow machine that lasts, and costs stand still until it is done.</param>
    public void Add(double cost, bool compiled = false)
    {
        if (compiled || cost < _best * (1 - Progress))
        {
            _best = Math.Min(_best, cost);
            _since = 0;
        }
        else
        {
            _best = Math.Min(_best, cost);
            _since++;
        }
    }
}
