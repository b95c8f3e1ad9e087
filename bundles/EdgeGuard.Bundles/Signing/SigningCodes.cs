namespace EdgeGuard.Bundles.Signing;

/// <summary>Codes of problems with signatures (EG20xx) and with the order of documents (EG21xx).</summary>
internal static class SigningCodes
{
    public const string BadSignature = "EG2001";
    public const string Malformed = "EG2002";
    public const string BadHeader = "EG2003";
    public const string AlgorithmRefused = "EG2004";
    public const string WrongType = "EG2005";
    public const string UnknownKey = "EG2006";
    public const string WrongAudience = "EG2007";
    public const string Expired = "EG2008";
    public const string FromTheFuture = "EG2009";
    public const string NotPeerForm = "EG2010";

    public const string SequenceNotAbove = "EG2101";
    public const string EpochBelow = "EG2102";
    public const string LineageChanged = "EG2103";
    public const string SameMarkOtherContent = "EG2104";
}
