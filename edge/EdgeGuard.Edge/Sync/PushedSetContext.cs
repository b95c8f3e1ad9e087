using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Sync;

/// <summary>What every pushed set needs.</summary>
internal sealed record PushedSetContext(
    SyncSettings Settings, StateDirectory State, DirectiveKeeper Keeper, TimeProvider Time, ILogger<PushedSetContext> Log);
