using System.Text.Json.Nodes;

namespace EdgeGuard.Bench.Load.Comparing;

/// <summary>One turn of one server.</summary>
/// <param name="Line">For the file of runs.</param>
/// <param name="RequestsPerSecond">Answers a second.</param>
/// <param name="CpuNanoseconds">Core time of an answer; 0 when it is not known.</param>
/// <param name="IsRight">Whether every answer was right.</param>
internal sealed record MeasuredSlice(JsonObject Line, double RequestsPerSecond, double CpuNanoseconds, bool IsRight);
