namespace EdgeGuard.Engine.Adaptive;

/// <summary>What was seen of an upstream in one stretch of time.</summary>
/// <param name="Samples">Requests that ended normally.</param>
/// <param name="MeanNanoseconds">Their mean latency; 0 without any.</param>
/// <param name="MostInFlight">Most requests at once.</param>
/// <param name="Dropped">Whether any request failed in a way that tells of overload.</param>
/// <param name="Shed">Whether any request was refused for want of room.</param>
internal readonly record struct AdaptiveWindow(
    long Samples, double MeanNanoseconds, int MostInFlight, bool Dropped, bool Shed);
