namespace EdgeGuard.ControlPlane.Leases;

/// <summary>What is remembered of a budget beyond the bundle.</summary>
/// <param name="Budget">Its name.</param>
/// <param name="Identity">What it counted when something was last given.</param>
/// <param name="FrozenUntil">Windows that begin before this (Unix seconds) get nothing: they were given from while the budget counted something else.</param>
internal sealed record LeaseBudgetState(string Budget, string Identity, long FrozenUntil);
