using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Testing;

/// <summary>What the doors do with a test's request before and beside its decision: preflights, sizes, and the fields of the answer.</summary>
internal static class PolicyTestDoors
{
    private const short NoContent = 204;

    /// <summary>The answer to a request that does not come to be decided on, or null.</summary>
    /// <param name="snapshot">What is decided by.</param>
    /// <param name="request">The request.</param>
    /// <param name="host">Its host, normalized.</param>
    /// <param name="path">Its canonical path.</param>
    /// <param name="fields">What the answer tells in addition, whether or not it is decided on.</param>
    public static Decision? Answer(PolicySnapshot snapshot, PolicyTestRequest request, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, out AnswerFields fields)
    {
        var isSecure = IsSecure(request);
        var origin = OneOf(request, "origin");
        if (request.Method == "OPTIONS" && origin is not null && OneOf(request, "access-control-request-method") is { } wanted)
        {
            var asked = snapshot.DoorsFor(Encoding.UTF8.GetBytes(wanted), host, path);
            if (asked.Cors != Decision.None)
            {
                (fields, _) = snapshot.PreflightFor(in asked, origin, isSecure);
                return Decision.Refused(Reason.None) with { Verdict = Verdict.Allow, Status = NoContent, RetryAfterSeconds = 0, MatchedPolicy = asked.Cors };
            }
        }

        var match = snapshot.DoorsFor(Encoding.UTF8.GetBytes(request.Method), host, path);
        fields = snapshot.AnswerFor(in match, origin, isSecure);
        return snapshot.LimitsOf(in match) is { } limits ? Check(limits, match.Limits, request) : null;
    }

    private static Decision? Check(RequestLimitsDefinition limits, int policy, PolicyTestRequest request)
    {
        var bytes = 0L;
        foreach (var (name, value) in request.Headers)
        {
            bytes += name.Length + Encoding.UTF8.GetByteCount(value) + RequestBound.FieldBytes;
        }

        return RequestBound.Check(
            limits, policy, Encoding.UTF8.GetByteCount(request.Path), request.Headers.Length, bytes, Encoding.UTF8.GetByteCount(request.Body ?? string.Empty));
    }

    private static string? OneOf(PolicyTestRequest request, string name)
    {
        string? found = null;
        foreach (var (header, value) in request.Headers)
        {
            if (string.Equals(header, name, StringComparison.OrdinalIgnoreCase))
            {
                if (found is not null)
                {
                    return null;
                }

                found = value;
            }
        }

        return found;
    }

    // What a trusted proxy says, as the doors read it.
    private static bool IsSecure(PolicyTestRequest request)
    {
        foreach (var (key, value) in request.Facts)
        {
            if (key.Kind is DescriptorKind.Header or DescriptorKind.TrustedHeader && key.Name.Equals("x-forwarded-proto", StringComparison.OrdinalIgnoreCase))
            {
                return value.Equals("https", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }
}
