namespace EdgeGuard.Cli;

/// <summary>Stable codes of problems that the CLI itself finds; each has a page in <c>docs/errors/</c>.</summary>
internal static class CliCodes
{
    public const string Usage = "EG5001";
    public const string FileUnreadable = "EG5002";
    public const string FileExists = "EG5003";
    public const string FileUnwritable = "EG5004";
    public const string NotConnected = "EG5005";
    public const string Unreachable = "EG5006";
    public const string CertificateNotTrusted = "EG5007";
    public const string TokenRefused = "EG5008";
    public const string UnexpectedAnswer = "EG5009";
    public const string EdgeUnreachable = "EG5010";
    public const string ConfirmationNeeded = "EG5011";
    public const string NotConfirmed = "EG5012";
    public const string KeyUnusable = "EG5013";
    public const string SecretOnCommandLine = "EG5014";
    public const string BadValue = "EG5015";
    public const string ContextUnusable = "EG5016";
    public const string Internal = "EG5017";
}
