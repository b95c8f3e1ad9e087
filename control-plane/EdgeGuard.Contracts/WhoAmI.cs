namespace EdgeGuard.Contracts;

/// <summary>Whose credential this is.</summary>
public sealed record WhoAmI(string User, string Organization, string Role, string Region, string ServerVersion);
