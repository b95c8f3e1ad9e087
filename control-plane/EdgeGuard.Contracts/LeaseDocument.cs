namespace EdgeGuard.Contracts;

/// <summary>
/// What one holder may spend of fleet-wide budgets. Payload of a signed document (lease): in the answer to an exchange, and in the stream's event
/// <see cref="StreamEvents.Lease"/>. All of it is cumulative, so neither order nor repetition matters.
/// </summary>
/// <param name="Holder">Whom it is for. An edge that is another holder by now leaves it aside.</param>
/// <param name="Salt">Secret of the organization that keys are hashed with, 32 bytes, base64url.</param>
/// <param name="Horizon">Windows that begin after this are not reached by any lease yet, Unix seconds.</param>
/// <param name="Standing">Shares that need no question. What earlier documents gave is never taken back: of a window's shares the largest holds.</param>
/// <param name="Grants">Totals beyond the standing share; at most <see cref="LeaseLimits.MaxGrants"/>.</param>
/// <param name="Recalls">What is to be given back as far as it is not spent.</param>
/// <param name="Forfeit">The holder is retired: all it held counts as spent, and the edge begins as a new one.</param>
/// <param name="Frozen">Budgets for which nothing is given for a while.</param>
public sealed record LeaseDocument(
    string Holder,
    string Salt,
    long Horizon,
    IReadOnlyList<LeaseStanding> Standing,
    IReadOnlyList<LeaseGrant> Grants,
    IReadOnlyList<LeaseRecall> Recalls,
    bool Forfeit,
    IReadOnlyList<LeaseFreeze> Frozen);
