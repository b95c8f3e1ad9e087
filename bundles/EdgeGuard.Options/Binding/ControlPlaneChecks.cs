using System.Buffers.Text;
using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>What must hold between the options of a control plane.</summary>
internal static class ControlPlaneChecks
{
    private const int MinMasterKeyBytes = 32;

    public static void Run(ControlPlaneOptions options, OptionValues values)
    {
        if (options.TlsCertificateFile.Length > 0 != options.TlsKeyFile.Length > 0)
        {
            var missing = options.TlsKeyFile.Length > 0 ? "tls.certificate_file" : "tls.key_file";
            values.Refuse(OptionsCodes.TlsIncomplete, missing, "a certificate and its private key belong together",
                "set both tls.certificate_file and tls.key_file, or neither for a throwaway authority");
        }

        if (options.MasterKey is { } key && !(Base64.IsValid(key.Reveal(), out var length) && length >= MinMasterKeyBytes))
        {
            values.Refuse(OptionsCodes.WrongType, "master_key", "not base64 of 32 bytes or more", "make one with: openssl rand -base64 32");
        }
    }
}
