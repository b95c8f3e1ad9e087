namespace EdgeGuard.Identity.Keys;

/// <summary>A name led to an address that is not one of the internet, and the options do not allow that for it.</summary>
/// <param name="host">The name.</param>
internal sealed class PrivateAddressException(string host)
    : IOException($"host {host} resolves to an address that is private to this network or machine");
