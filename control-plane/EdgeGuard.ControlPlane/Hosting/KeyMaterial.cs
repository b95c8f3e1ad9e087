using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.Options;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>The secrets of this control plane: the master key that edges' keys are derived from, and the keys of columns.</summary>
internal sealed class KeyMaterial
{
    private readonly byte[] _master;

    private KeyMaterial(byte[] master, IReadOnlyList<DataKey> dataKeys)
    {
        _master = master;
        Columns = new ColumnProtector(dataKeys);
        Hashes = new KeyedHashes(master);
    }

    public ColumnProtector Columns { get; }

    public KeyedHashes Hashes { get; }

    /// <summary>The key that documents for an edge are signed with, and that it proves possession of.</summary>
    public SigningKey EdgeKey(string organizationId, string edgeId, string keyId) =>
        KeyDerivation.Derive(_master, KeyPurpose.Documents, organizationId, edgeId, keyId);

    /// <summary>
    /// Secret that the edges of an organization hash the keys of fleet-wide budgets with, 32 bytes. Derived, so that a restore never changes it: with another one
    /// every key would be a new one.
    /// </summary>
    public byte[] LeaseSalt(string organizationId) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _master, LeaseLimits.SaltLength, salt: null, info: Encoding.UTF8.GetBytes("edgeguard/control-plane/lease-salt\n" + organizationId));

    /// <summary>From the options, or from <c>master.key</c> and <c>data.keys</c> in the data folder, made on first use.</summary>
    /// <exception cref="ControlPlaneException">A key cannot be read or is too short (EG6023).</exception>
    public static KeyMaterial Load(ControlPlaneOptions options)
    {
        var master = options.MasterKey?.Reveal() ?? PrivateFile.ReadOrCreate(
            Path.Combine(options.DataDir, "master.key"), () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var data = options.DataKeys?.Reveal() ?? PrivateFile.ReadOrCreate(
            Path.Combine(options.DataDir, "data.keys"), () => "d1:" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        return new KeyMaterial(ReadMaster(master), ReadDataKeys(data));
    }

    private static byte[] ReadMaster(string text)
    {
        try
        {
            var bytes = Convert.FromBase64String(text.Trim());
            if (bytes.Length >= SigningKey.MinBytes)
            {
                return bytes;
            }
        }
        catch (FormatException)
        {
            // Falls through to the one message for both: the text itself is a secret and is not shown.
        }

        throw new ControlPlaneException(ControlPlaneCodes.KeyUnusable, "the master key is not base64 of 32 bytes or more",
            "make one with: openssl rand -base64 32");
    }

    private static List<DataKey> ReadDataKeys(string text)
    {
        var keys = new List<DataKey>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var bytes = new byte[48];
            if (colon is < 1 or > 32 || !Base64Url.TryDecodeFromChars(part.AsSpan(colon + 1), bytes, out var length) || length != 32 ||
                keys.Exists(key => part.AsSpan(0, colon).SequenceEqual(key.Id)))
            {
                throw new ControlPlaneException(ControlPlaneCodes.KeyUnusable,
                    $"data key {keys.Count + 1} is not kid:base64url of 32 bytes with a kid of its own", "write each as kid:base64url, separated by commas");
            }

            keys.Add(new DataKey(part[..colon], bytes[..32]));
        }

        return keys.Count > 0
            ? keys
            : throw new ControlPlaneException(ControlPlaneCodes.KeyUnusable, "there is no data key", "give at least one as kid:base64url");
    }
}
