namespace EdgeGuard.Edge.Lane;

/// <summary>A part of a request's text.</summary>
internal readonly record struct LanePiece(int Start, int Length);
