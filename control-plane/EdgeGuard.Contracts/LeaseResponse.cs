namespace EdgeGuard.Contracts;

/// <summary>Answer to <see cref="LeaseRequest"/>.</summary>
/// <param name="Lease">A signed document (lease) with <see cref="LeaseDocument"/>; the time it was signed is the plane's clock.</param>
public sealed record LeaseResponse(string Lease);
