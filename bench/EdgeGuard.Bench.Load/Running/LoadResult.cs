using EdgeGuard.Bench.Load.Measure;

namespace EdgeGuard.Bench.Load.Running;

/// <summary>What a run has measured.</summary>
internal sealed class LoadResult
{
    /// <summary>Nanoseconds from the planned moment of a request to its whole answer.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>
    /// Nanoseconds that requests were sent late through no fault of the server: a connection was free. Large ones mean that the client
    /// is too busy, and that the latencies are partly its own.
    /// </summary>
    public LatencyHistogram ClientLag { get; } = new();

    /// <summary>Answers within the measured time, by the moment of the answer.</summary>
    public long AnsweredInTime { get; set; }

    /// <summary>Answers of the whole run, warm-up included.</summary>
    public long Answered { get; set; }

    /// <summary>Answers with a status or without a header that was not expected.</summary>
    public long Wrong { get; set; }

    /// <summary>Answers that are no HTTP, and connections that ended with requests under way or could not be made.</summary>
    public long Broken { get; set; }

    /// <summary>Planned requests without an answer when the run ended. Their age at that moment counts as their latency.</summary>
    public long Unanswered { get; set; }

    /// <summary>Connections made anew after the server had closed one in order.</summary>
    public long Reopened { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>Statuses of wrong answers and how often each came.</summary>
    public SortedDictionary<int, long> WrongStatuses { get; } = [];

    public double MeasuredSeconds { get; set; }

    public double RequestsPerSecond => MeasuredSeconds > 0 ? AnsweredInTime / MeasuredSeconds : 0;

    /// <summary>Every planned request got the answer that was expected, and there were some.</summary>
    public bool IsRight => Answered > 0 && Wrong == 0 && Broken == 0 && Unanswered == 0;
}
