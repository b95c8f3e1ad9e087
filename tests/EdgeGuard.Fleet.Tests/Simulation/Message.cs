using EdgeGuard.Contracts;

namespace EdgeGuard.Fleet.Tests.Simulation;

/// <summary>Something under way.</summary>
/// <param name="Edge">Of or for which edge.</param>
/// <param name="Request">What it asked.</param>
/// <param name="Document">What it is told; null while this is a request.</param>
/// <param name="Epoch">Epoch of the document.</param>
internal sealed record Message(SimulatedEdge Edge, LeaseRequest? Request, LeaseDocument? Document, long Epoch);
