using System.Globalization;
using EdgeGuard.Bench.Load.Running;

namespace EdgeGuard.Bench.Load.Comparing;

/// <summary>
/// Measures several servers in alternation, in one process: what is compiled here is compiled once, before anything is measured, and a turn can be as short as half a
/// second, so that a machine that is slow for a while is slow for all of them. Every turn is written down, and none is left out.
/// </summary>
internal sealed class CompareCommand : IDisposable
{
    private const double WarmUpSlice = 0.5;
    private const double Saturation = 0.7;

    /// <summary>A server that spends less of its core than this on compiling is done with what matters.</summary>
    private const double CompilingShare = 0.01;

    /// <summary>A server is measured at saturation before a turn at 70 % of it: what it can do right now, and not what it could minutes ago.</summary>
    private const double ProbeShare = 0.6;

    private readonly Dictionary<string, LaneUnderLoad> _lanes = new(StringComparer.Ordinal);
    private readonly List<LaneUnderLoad> _order = [];
    private readonly ComparisonSettings _settings;
    private readonly TextWriter _runs;
    private readonly TextWriter _log;

    private CompareCommand(IEnumerable<PlannedLane> plan, ComparisonSettings settings, TextWriter runs, TextWriter log)
    {
        (_settings, _runs, _log) = (settings, runs, log);
        foreach (PlannedLane lane in plan)
        {
            LaneUnderLoad loaded = new(lane);
            _lanes.Add(lane.Name, loaded);
            if (!lane.Name.EndsWith("_fresh", StringComparison.Ordinal))
            {
                _order.Add(loaded);
            }
        }
    }

    /// <param name="folder">Holds <c>plan.txt</c>, a <see cref="PlannedLane"/> a line; <c>runs.jsonl</c> is written there.</param>
    /// <param name="settings">See <see cref="ComparisonSettings.Read"/>.</param>
    /// <param name="log">Progress, and runs that failed.</param>
    public static int Run(string folder, IEnumerable<string> settings, TextWriter log)
    {
        using StreamWriter runs = new(Path.Combine(folder, "runs.jsonl"));
        using CompareCommand command = new(File.ReadLines(Path.Combine(folder, "plan.txt")).Select(PlannedLane.Parse), ComparisonSettings.Read(settings), runs, log);
        command.WarmUp();
        command.Alternate("max", command._settings.Rounds, 0);
        command.Alternate("rate", command._settings.RateRounds, command._settings.Rate);
        command.SendFreshTokens();
        command.ComeNearSaturation();
        command.NoteCounters();
        return 0;
    }

    public void Dispose()
    {
        foreach (LaneUnderLoad lane in _lanes.Values)
        {
            lane.Dispose();
        }
    }

    private void WarmUp()
    {
        double left = _settings.WarmUpTotal;
        foreach (LaneUnderLoad lane in _order)
        {
            Steadiness steadiness = new();
            int slices = 0;
            MeasuredSlice slice;
            do
            {
                long compiling = lane.Usage.CompilingNanoseconds;
                slice = Measure(lane, "warm-up", slices++, WarmUpSlice, 0);
                left -= WarmUpSlice;
                bool compiled = lane.Usage.CompilingNanoseconds - compiling > CompilingShare * WarmUpSlice * 1e9;
                steadiness.Add(slice.CpuNanoseconds > 0 ? slice.CpuNanoseconds : 1e9 / Math.Max(1, slice.RequestsPerSecond), compiled);
            }
            while (!steadiness.IsReached && slices * WarmUpSlice < _settings.WarmUp && left > 0);
            string state = steadiness.IsReached ? "steady" : "NOT steady";
            _log.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"-- {lane.Name}: {state} after {slices * WarmUpSlice:0.#} s, {slice.RequestsPerSecond:0}/s, {slice.CpuNanoseconds / 1000:0.0} us of core time"));
        }
    }

    // There and back, so that what changes evenly over time hits all alike.
    private void Alternate(string phase, int rounds, double rate)
    {
        for (int round = 1; round <= rounds; round++)
        {
            _log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"-- {(rate > 0 ? "latency" : "throughput")}, round {round} of {rounds}"));
            for (int i = 0; i < _order.Count; i++)
            {
                Measure(_order[round % 2 == 1 ? i : _order.Count - 1 - i], phase, round, _settings.Slice, rate);
            }
        }
    }

    private void SendFreshTokens()
    {
        if (_lanes.GetValueOrDefault("decision_5rules_fresh") is { } lane)
        {
            for (int round = 1; round <= _settings.RateRounds; round++)
            {
                Measure(lane, "fresh", round, _settings.Slice, _settings.Rate);
            }
        }
    }

    private void ComeNearSaturation()
    {
        ReadOnlySpan<(string Lane, string Of)> pairs = [("decision_1rule", "nginx_return"), (_lanes.ContainsKey("edge_proxy_lane") ? "edge_proxy_lane" : "edge_yarp_path", "nginx_proxy")];
        for (int round = 1; round <= _settings.SaturationRounds; round++)
        {
            _log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"-- 70 % of saturation, round {round} of {_settings.SaturationRounds}"));
            foreach ((string lane, string of) in pairs)
            {
                if (_lanes.GetValueOrDefault(lane) is { } ours && _lanes.GetValueOrDefault(of) is { } other)
                {
                    double rate = Measure(ours, "probe", round, _settings.Slice * ProbeShare, 0).RequestsPerSecond * Saturation;
                    Measure(round % 2 == 1 ? ours : other, "saturation", round, _settings.Slice, rate, poisson: true);
                    Measure(round % 2 == 1 ? other : ours, "saturation", round, _settings.Slice, rate, poisson: true);
                }
            }
        }
    }

    // What the bound on memory does not count.
    private void NoteCounters()
    {
        foreach (LaneUnderLoad lane in _order)
        {
            _runs.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"lane":"{{lane.Name}}","phase":"memory","rss_kb":{{lane.Usage.ResidentKilobytes}},"counters_kb":{{lane.Usage.ResidentKilobytesOf("counters.dat")}}}"""));
        }
    }

    private MeasuredSlice Measure(LaneUnderLoad lane, string phase, int round, double seconds, double rate, bool poisson = false)
    {
        MeasuredSlice slice = lane.Run(phase, round, new LoadSettings
        {
            Rate = Math.Max(0, rate),
            Poisson = poisson,
            Duration = TimeSpan.FromSeconds(seconds),
            Seed = round,
        });
        _runs.WriteLine(slice.Line.ToJsonString());
        if (!slice.IsRight)
        {
            _log.WriteLine($"{lane.Name} ({phase}, round {round}) did not answer as it should: {slice.Line["load"]!.ToJsonString()}");
        }

        return slice;
    }
}
