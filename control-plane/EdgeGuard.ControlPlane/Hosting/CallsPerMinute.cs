namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>How often one credential may call an endpoint.</summary>
internal sealed record CallsPerMinute(int Permits);
