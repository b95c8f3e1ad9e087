using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace EdgeGuard.Identity.Crypto;

/// <summary>
/// The few calls into OpenSSL's libcrypto that Ed25519 needs; the framework has no Ed25519. It is the library that the framework's own
/// cryptography uses on Linux, so nothing new is deployed.
/// </summary>
internal static partial class LibCrypto
{
    private const string Name = "libcrypto";
    private const uint Version3 = 0x3000_0000;

    // Versioned names first: the bare one belongs to development packages and may be of any version.
    private static readonly string[] Candidates = ["libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto.so"];

    private static readonly Lazy<Loaded> Library = new(Load);

    /// <summary>Why the library cannot be used, or null when it can.</summary>
    public static string? Problem => Library.Value.Problem;

    public static nint NewPublicKey(int type, ReadOnlySpan<byte> key) => NewRawPublicKey(type, 0, key, (nuint)key.Length);

    public static nint NewPrivateKey(int type, ReadOnlySpan<byte> key) => NewRawPrivateKey(type, 0, key, (nuint)key.Length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void FreeKey(nint key);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetRawPublicKey(nint key, Span<byte> bytes, ref nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_MD_CTX_new")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint NewContext();

    [LibraryImport(Name, EntryPoint = "EVP_MD_CTX_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void FreeContext(nint context);

    [LibraryImport(Name, EntryPoint = "EVP_DigestVerifyInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int VerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Name, EntryPoint = "EVP_DigestVerify")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Verify(nint context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);

    [LibraryImport(Name, EntryPoint = "EVP_DigestSignInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Name, EntryPoint = "EVP_DigestSign")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Sign(nint context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> data, nuint dataLength);

    /// <summary>Empties this thread's list of errors. The framework's own calls look at it, and must not find what is ours.</summary>
    [LibraryImport(Name, EntryPoint = "ERR_clear_error")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void ClearErrors();

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewRawPublicKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Name, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewRawPrivateKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Name, EntryPoint = "OpenSSL_version_num")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint VersionNumber();

    private static Loaded Load()
    {
        var handle = Candidates.Select(TryLoad).FirstOrDefault(loaded => loaded != 0);
        if (handle == 0)
        {
            return new Loaded(0, "OpenSSL's libcrypto was not found (looked for " + string.Join(", ", Candidates) + ")");
        }

        NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, (name, _, _) => name == Name ? handle : 0);
        try
        {
            var version = (ulong)VersionNumber();
            return version >= Version3
                ? new Loaded(handle, null)
                : new Loaded(0, string.Create(CultureInfo.InvariantCulture, $"libcrypto is of version {version >> 28}, and 3 or later is needed"));
        }
        catch (EntryPointNotFoundException)
        {
            return new Loaded(0, "libcrypto tells no version, and OpenSSL 3 or later is needed");
        }
    }

    private static nint TryLoad(string name) =>
        NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out var handle) ? handle : 0;

    private sealed record Loaded(nint Handle, string? Problem);
}
