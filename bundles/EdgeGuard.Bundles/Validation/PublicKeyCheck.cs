using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Checks a public key that is written in a bundle. The key itself is in no message.</summary>
internal static class PublicKeyCheck
{
    /// <summary>The key, or null when it has been reported.</summary>
    /// <param name="text">The text: PEM or a JWK.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="findings">Takes the problem.</param>
    public static PublicKey? Check(Node text, string path, Findings findings)
    {
        var read = PublicKeyReader.Read(text.Text);
        if (read.Problem == PublicKeyProblem.HoldsPrivateKey)
        {
            findings.Error(
                SecretCodes.EmbeddedSecret,
                text.Location,
                path,
                $"{read.Why} (it is not shown), and secrets do not belong in a bundle",
                "write the public key only, and replace this key pair, since the private key has been written down");
        }
        else if (read.Key is null)
        {
            findings.Error(
                MeaningCodes.PublicKeyInvalid,
                text.Location,
                path,
                $"the public key cannot be used: {read.Why}",
                "write PEM that begins with -----BEGIN PUBLIC KEY-----, or one JWK: RSA of 2048 to 8192 bits, EC on P-256, P-384 or P-521, or Ed25519");
        }

        return read.Key;
    }
}
