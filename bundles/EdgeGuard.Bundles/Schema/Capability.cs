namespace EdgeGuard.Bundles.Schema;

/// <summary>The part of the product that makes a field work. A field of a capability that is not there yet is refused, never ignored.</summary>
internal enum Capability : byte
{
    /// <summary>What every edge decides by: envelope, routing, limiters, descriptors, protection, kill switches, shadow, issuers, tests.</summary>
    Core,

    /// <summary>Every way a caller proves who it is.</summary>
    Identity,

    /// <summary>Proxy, gateways and LLM traffic in full.</summary>
    Doors,

    /// <summary>What needs more than one edge: fleet-wide budgets and roll-outs.</summary>
    ControlPlane,
}
