using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Bodies;

/// <summary>What came of reading a request's body.</summary>
/// <param name="Body">What was read, or null when there is nothing to look at.</param>
/// <param name="Refusal">Why the request is refused without a look at its limits, or null.</param>
internal readonly record struct BodyReading(RequestBody? Body, Decision? Refusal)
{
    /// <summary>No body is known.</summary>
    public static BodyReading None => default;

    /// <summary>Refused.</summary>
    public static BodyReading Refused(Reason reason, int status) => new(null, Decision.Refused(reason) with { Status = (short)status });
}
