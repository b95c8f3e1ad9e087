namespace EdgeGuard.Fuzz.Running;

/// <summary>Runs one target for a time or a number of inputs.</summary>
/// <param name="target">What to run.</param>
/// <param name="seed">Of the mutator.</param>
/// <param name="input">Where each input is kept while it is read.</param>
internal sealed class FuzzRun(IFuzzTarget target, int seed, InputFile input)
{
    private const int MaxKept = 2048;

    // Far beyond what 64 KiB of anything take on a slow machine with other work; a reader whose time explodes takes longer at once.
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20);

    private readonly Mutator _mutator = new(seed, target.Words);
    private readonly List<byte[]> _kept = [.. target.Seeds];
    private readonly HashSet<int> _outcomes = [];

    /// <summary>Inputs read so far.</summary>
    public long Executions { get; private set; }

    /// <summary>Different outcomes of them.</summary>
    public int Outcomes => _outcomes.Count;

    /// <summary>Reads inputs until the time is over or there were so many, at least every seed.</summary>
    /// <exception cref="Exception">Whatever the target threw; <see cref="InputFile"/> has the input.</exception>
    public void Run(TimeSpan time, long executions)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        foreach (var one in target.Seeds)
        {
            Read(one);
        }

        while (Executions < executions && clock.GetElapsedTime(start) < time)
        {
            var changed = _mutator.Change(_mutator.Pick(_kept), _mutator.Pick(_kept));
            if (Read(changed) && _kept.Count < MaxKept)
            {
                _kept.Add(changed);
            }
        }
    }

    // Whether the outcome is a new one.
    private bool Read(byte[] bytes)
    {
        Executions++;
        input.Write(bytes);
        var start = TimeProvider.System.GetTimestamp();
        var outcome = target.Run(bytes);
        FuzzFailure.Unless(TimeProvider.System.GetElapsedTime(start) < MaxTime, $"an input is read within {MaxTime.TotalSeconds} seconds");
        return _outcomes.Add(outcome);
    }
}
