namespace EdgeGuard.Identity.Keys;

/// <summary>What a fetch gave.</summary>
/// <param name="Content">The document, or null.</param>
/// <param name="Why">Why there is none.</param>
/// <param name="IsPrivate">Whether that is because the name leads to a private address.</param>
internal readonly record struct Fetched(byte[]? Content, string Why, bool IsPrivate = false)
{
    public static Fetched Failed(string why, bool isPrivate = false) => new(null, why, isPrivate);

    /// <summary>The problem of a fetch that failed.</summary>
    /// <param name="issuerId">Whose keys were wanted.</param>
    /// <param name="what">What was fetched.</param>
    /// <param name="address">Where from.</param>
    public KeySetRead ToProblem(string issuerId, string what, Uri address) => IsPrivate
        ? KeySetRead.Failed(
            IdentityCodes.PrivateAddress,
            issuerId,
            $"{what} is not fetched from {address.IdnHost}: {Why}",
            "if that host is meant to be inside your network, add its name to fetch.allow_private_hosts in the options; if not, find out who answers for the name")
        : KeySetRead.Failed(
            IdentityCodes.FetchFailed,
            issuerId,
            $"{what} cannot be fetched from {address.IdnHost}: {Why}",
            "check the address, the network and the certificate; it is tried again by itself, and keys fetched before stay in use");
}
