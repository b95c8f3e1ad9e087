using System.Text.Json.Nodes;
using EdgeGuard.Bench.Load.Options;
using EdgeGuard.Bench.Load.Running;

namespace EdgeGuard.Bench.Load.Comparing;

/// <summary>A server of a comparison with its connections, which stay from turn to turn: making them anew would be measured too.</summary>
internal sealed class LaneUnderLoad(PlannedLane lane) : IDisposable
{
    private LoadTarget _target = new(lane.Options);

    public string Name => lane.Name;

    /// <summary>What its processes use.</summary>
    public ServerUsage Usage { get; } = new(lane.Processes);

    /// <summary>One turn; a line for the file of runs.</summary>
    public MeasuredSlice Run(string phase, int round, LoadSettings settings)
    {
        settings = settings with { AnswersHead = lane.Options.Settings.AnswersHead, Pipeline = lane.Options.Settings.Pipeline };
        LoadOptions options = lane.Options with { Name = lane.Name, Settings = settings };
        long before = Usage.CpuNanoseconds;
        LoadResult result = _target.Run(settings);
        long used = Usage.CpuNanoseconds - before;
        bool isRight = result.IsRight && _target.Tokens is not { Exhausted: > 0 };
        if (result.Unanswered > 0 || result.Broken > 0)
        {
            // An answer that comes after all would be taken for one of the next turn.
            _target.Dispose();
            _target = new LoadTarget(lane.Options);
        }

        JsonObject line = new()
        {
            ["lane"] = Name,
            ["phase"] = phase,
            ["round"] = round,
            ["cpu_ns"] = used,
            ["rss_kb"] = Usage.ResidentKilobytes,
            ["load"] = LoadCommand.Describe(options, result, _target.Tokens, isRight),
        };
        return new MeasuredSlice(line, result.RequestsPerSecond, result.Answered == 0 ? 0 : (double)used / result.Answered, isRight);
    }

    public void Dispose() => _target.Dispose();
}
