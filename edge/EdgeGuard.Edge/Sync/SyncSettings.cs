using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Sync;

/// <summary>Who this edge is to its control plane, and how it is reached. Checked once at start.</summary>
internal sealed class SyncSettings
{
    private readonly SecretText _token;

    private SyncSettings(string edgeId, Uri address, SecretText token, ImmutableArray<SigningKey> keys, X509Certificate2Collection? authorities)
    {
        EdgeId = edgeId;
        Address = address;
        _token = token;
        ProofKey = keys[0];
        Verifier = new DocumentVerifier(new TrustedKeys([.. keys]));
        Authorities = authorities;
    }

    public string EdgeId { get; }

    /// <summary>Scheme, host and port.</summary>
    public Uri Address { get; }

    /// <summary>Key whose possession is proven at connect: the first of <c>EDGEGUARD_SIGNING_KEY</c>.</summary>
    public SigningKey ProofKey { get; }

    /// <summary>Verifies directives with this edge's keys.</summary>
    public DocumentVerifier Verifier { get; }

    /// <summary>The only authorities trusted, or null for the system's.</summary>
    public X509Certificate2Collection? Authorities { get; }

    /// <summary>Version of this product, as told to the control plane.</summary>
    public static string ProductVersion { get; } =
        typeof(SyncSettings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Value of the Authorization header.</summary>
    public string Authorization => "Bearer " + _token.Reveal();

    /// <summary>Reads the settings from the options.</summary>
    /// <exception cref="SyncSetupException">Something is missing or cannot be used; all of it at once (EG3301).</exception>
    public static SyncSettings Create(EdgeOptions options)
    {
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        if (options.EdgeId.Length == 0)
        {
            problems.Add(Problem("a connected edge has no id", "set EDGEGUARD_EDGE_ID to the id that `edgeguard edge add` was given"));
        }

        if (options.EdgeToken is null || options.EdgeToken.Reveal().AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            problems.Add(Problem("a connected edge has no token, or one with white space in it", "set EDGEGUARD_EDGE_TOKEN, or EDGEGUARD_EDGE_TOKEN_FILE"));
        }

        if (!Uri.TryCreate(options.ControlPlaneUrl, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps ||
            address.AbsolutePath != "/" || address.Query.Length > 0 || address.UserInfo.Length > 0)
        {
            problems.Add(Problem(
                "the address of the control plane is not of the form https://host:port", "set EDGEGUARD_CONTROL_PLANE_URL, for example https://control.example:8443"));
        }

        var keys = ReadKeys(options.SigningKey, problems);
        var authorities = ReadAuthorities(options.ControlPlaneCaFile, problems);
        return problems.Count == 0
            ? new SyncSettings(options.EdgeId, address!, options.EdgeToken!, keys, authorities)
            : throw new SyncSetupException(problems.ToImmutable());
    }

    private static ImmutableArray<SigningKey> ReadKeys(SecretText? text, ImmutableArray<Diagnostic>.Builder problems)
    {
        var keys = ImmutableArray.CreateBuilder<SigningKey>();
        foreach (var part in (text?.Reveal() ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (SigningKey.TryParse(part, out var key, out var error))
            {
                keys.Add(key!);
            }
            else
            {
                problems.Add(Problem($"a signing key cannot be read: {error}", "set EDGEGUARD_SIGNING_KEY to what `edgeguard edge add` printed"));
            }
        }

        if (text is null || text.Reveal().Length == 0)
        {
            problems.Add(Problem("a connected edge has no signing key", "set EDGEGUARD_SIGNING_KEY to what `edgeguard edge add` printed"));
        }

        return keys.ToImmutable();
    }

    private static X509Certificate2Collection? ReadAuthorities(string file, ImmutableArray<Diagnostic>.Builder problems)
    {
        if (file.Length == 0)
        {
            return null;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            if (authorities.Count > 0)
            {
                return authorities;
            }

            problems.Add(Problem($"{file} holds no certificate", "put the control plane's authority there, as PEM"));
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            problems.Add(Problem($"the authority in {file} cannot be read: {failure.Message}", "put the control plane's authority there, as PEM"));
        }

        return null;
    }

    private static Diagnostic Problem(string message, string fix) => SyncProblem.Error(SyncCodes.Setup, message, fix);
}
