using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.EndToEnd.Tests.Privacy;

/// <summary>What traffic is full of, and every form in which it could slip out.</summary>
internal static class PersonalData
{
    public const string Email = "jane.roe@private.example";
    public const string Phone = "+49-170-5551234";
    public const string Name = "JaneMargueriteRoe";
    public const string ApiKey = "sk_live_7fK2pQ9xWv31ZtNb";
    public const string Password = "correct-horse-battery";
    public const string Address = "203.0.113.77";
    public const string UserAgent = "PrivateBrowser/7.3 (JanesLaptop)";
    public const string PathPart = "patient-4711-oncology";
    public const string Query = "card-4111111111111111";
    public const string Host = "jane-private-host.example";
    public const string Tenant = "tenant-acme-secret-merger";
    public const string Cookie = "sessioncookie-93847561";

    /// <summary>All of them, with what a token of this person holds and is.</summary>
    public static IReadOnlyList<string> All(string token)
        => [Email, Phone, Name, ApiKey, Password, Address, UserAgent, PathPart, Query, Host, Tenant, Cookie, token, .. token.Split('.')];

    /// <summary>A value as it is, percent-encoded, base64 in both alphabets, hexadecimal, and as its bare hashes (a bare hash of an address is only a guess away).</summary>
    public static IEnumerable<(string Form, string Text)> Forms(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        yield return ("plain", value);
        yield return ("percent-encoded", Uri.EscapeDataString(value));
        yield return ("base64", Convert.ToBase64String(bytes).TrimEnd('='));
        yield return ("base64url", System.Buffers.Text.Base64Url.EncodeToString(bytes));
        yield return ("hex", Convert.ToHexString(bytes));
        yield return ("SHA-256", Convert.ToHexString(SHA256.HashData(bytes)));
        yield return ("SHA-256 base64", Convert.ToBase64String(SHA256.HashData(bytes)).TrimEnd('='));
    }
}
