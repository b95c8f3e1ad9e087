using System.Security.Cryptography;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Webhooks;

/// <summary>
/// Reads the signature headers of every scheme: strictly, and only so much. A signature of another version is passed over, so that a provider can add
/// one; none of this version is malformed.
/// </summary>
internal static class SignatureReader
{
    /// <summary>Longest header that is looked at; real ones have some hundred characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>Most signatures of one request; providers send one for each secret of theirs.</summary>
    public const int MaxCandidates = 16;

    private const int Base64Length = 44;

    /// <summary>Reads a signature header.</summary>
    /// <param name="scheme">How it is written.</param>
    /// <param name="header">The header's one value; null or empty when there is none.</param>
    /// <param name="prefix">For generic: text before the signature.</param>
    /// <param name="isHex">For generic: whether it is hexadecimal, and base64 otherwise.</param>
    public static PresentedSignature Read(WebhookScheme scheme, string? header, string prefix, bool isHex)
    {
        if (string.IsNullOrEmpty(header))
        {
            return PresentedSignature.Failed(WebhookOutcome.None);
        }

        if (header.Length > MaxLength)
        {
            return PresentedSignature.Failed(WebhookOutcome.Malformed);
        }

        return scheme switch
        {
            WebhookScheme.GitHub => ReadOne(header, "sha256=", isHex: true),
            WebhookScheme.Slack => ReadOne(header, "v0=", isHex: true),
            WebhookScheme.Stripe => ReadStripe(header),
            WebhookScheme.StandardWebhooks => ReadStandard(header),
            _ => ReadOne(header, prefix, isHex),
        };
    }

    private static PresentedSignature ReadOne(string header, string prefix, bool isHex) =>
        header.StartsWith(prefix, StringComparison.Ordinal) && TryDecode(header.AsSpan(prefix.Length), isHex, out var signature)
            ? new PresentedSignature(WebhookOutcome.Verified, [signature], string.Empty)
            : PresentedSignature.Failed(WebhookOutcome.Malformed);

    // t=1492774577,v1=5257a8...,v1=...,v0=...
    private static PresentedSignature ReadStripe(string header)
    {
        var timestamp = string.Empty;
        var candidates = new List<byte[]>(2);
        foreach (var range in header.AsSpan().Split(','))
        {
            var item = header.AsSpan(range).Trim(' ');
            if (item.StartsWith("t=", StringComparison.Ordinal))
            {
                if (timestamp.Length > 0 || item.Length == 2)
                {
                    return PresentedSignature.Failed(WebhookOutcome.Malformed);
                }

                timestamp = item[2..].ToString();
            }
            else if (item.StartsWith("v1=", StringComparison.Ordinal) && !TryAdd(candidates, item[3..], isHex: true))
            {
                return PresentedSignature.Failed(WebhookOutcome.Malformed);
            }
        }

        return candidates.Count > 0 && timestamp.Length > 0
            ? new PresentedSignature(WebhookOutcome.Verified, candidates, timestamp)
            : PresentedSignature.Failed(WebhookOutcome.Malformed);
    }

    // v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1,... v1a,...
    private static PresentedSignature ReadStandard(string header)
    {
        var candidates = new List<byte[]>(2);
        foreach (var range in header.AsSpan().Split(' '))
        {
            var item = header.AsSpan(range);
            if (item.StartsWith("v1,", StringComparison.Ordinal) && !TryAdd(candidates, item[3..], isHex: false))
            {
                return PresentedSignature.Failed(WebhookOutcome.Malformed);
            }
        }

        return candidates.Count > 0
            ? new PresentedSignature(WebhookOutcome.Verified, candidates, string.Empty)
            : PresentedSignature.Failed(WebhookOutcome.Malformed);
    }

    private static bool TryAdd(List<byte[]> candidates, ReadOnlySpan<char> text, bool isHex)
    {
        if (candidates.Count == MaxCandidates || !TryDecode(text, isHex, out var signature))
        {
            return false;
        }

        candidates.Add(signature);
        return true;
    }

    private static bool TryDecode(ReadOnlySpan<char> text, bool isHex, out byte[] signature)
    {
        signature = new byte[HMACSHA256.HashSizeInBytes];
        return isHex
            ? text.Length == HMACSHA256.HashSizeInBytes * 2 && Convert.FromHexString(text, signature, out _, out _) == System.Buffers.OperationStatus.Done
            : text.Length == Base64Length && Convert.TryFromBase64Chars(text, signature, out var written) && written == signature.Length;
    }
}
