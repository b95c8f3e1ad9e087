using EdgeGuard.Edge.Takeover;

namespace EdgeGuard.Edge.Admin;

/// <summary>The socket that a running edge passes on, if one does.</summary>
internal sealed record AdminInheritance(Inheritance? From);
