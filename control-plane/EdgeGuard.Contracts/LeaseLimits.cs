namespace EdgeGuard.Contracts;

/// <summary>Bounds of an exchange about leases, held by both sides.</summary>
public static class LeaseLimits
{
    /// <summary>Bytes of the body of a request, and of a signed document with an answer.</summary>
    public const int MaxBodyBytes = 256 * 1024;

    public const int MaxReports = 512;

    public const int MaxBudgets = 1024;

    /// <summary>Grants in one document: an answer has at most one for each report, and some for keys that were given back by others.</summary>
    public const int MaxGrants = 1024;

    public const int MaxRecalls = 1024;

    /// <summary>Characters of a holder id: 16 random bytes, hex.</summary>
    public const int HolderLength = 32;

    /// <summary>Characters of a key: 32 bytes, hex.</summary>
    public const int KeyLength = 64;

    /// <summary>Bytes of the salt.</summary>
    public const int SaltLength = 32;

    /// <summary>No number of units reaches it: integers below it are exact in every JSON reader (RFC 8259, section 6).</summary>
    public const long UnitsEnd = 1L << 53;

    /// <summary>Seconds between two exchanges while anything is held, at most.</summary>
    public const int ReportSeconds = 10;

    /// <summary>Millionths in a whole.</summary>
    public const int Whole = 1_000_000;
}
