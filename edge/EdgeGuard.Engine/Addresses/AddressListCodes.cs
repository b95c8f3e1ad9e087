namespace EdgeGuard.Engine.Addresses;

/// <summary>Codes of problems in a list of networks.</summary>
internal static class AddressListCodes
{
    public const string BadLine = "EG3221";
    public const string Contradiction = "EG3222";
    public const string TooLarge = "EG3223";
}
