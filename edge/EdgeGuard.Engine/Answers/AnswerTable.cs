using System.Collections.Concurrent;
using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Answers;

/// <summary>
/// The answer fields of a bundle. Each set is made when it is first asked for: their number is bounded by policies and allowed origins, none of which a client
/// can add to.
/// </summary>
internal sealed class AnswerTable
{
    private const string DefaultTransport = "max-age=31536000; includeSubDomains";

    private readonly ConcurrentDictionary<Key, AnswerFields> _others = new();
    private readonly SecurityHeadersDefinition _bundle;
    private readonly CompiledPolicyEntry[] _policies;
    private readonly AnswerFields _plain;
    private readonly AnswerFields _secure;

    public AnswerTable(SecurityHeadersDefinition bundle, CompiledPolicyEntry[] policies)
    {
        _bundle = bundle;
        _policies = policies;
        _plain = Make(default(Key) with { Headers = Decision.None, Cors = Decision.None });
        _secure = Make(default(Key) with { Headers = Decision.None, Cors = Decision.None, IsSecure = true });
    }

    /// <summary>Those of an edge without a bundle.</summary>
    public static AnswerTable Default { get; } = new(new SecurityHeadersDefinition(), []);

    /// <summary>The fields of an answer.</summary>
    public AnswerFields Of(in DoorMatch match, int origin, bool isSecure, bool isPreflight)
    {
        if (match.Headers == Decision.None && match.Cors == Decision.None)
        {
            return isSecure ? _secure : _plain;
        }

        var key = new Key(match.Headers, match.Cors, origin, isSecure, isPreflight);
        return _others.TryGetValue(key, out var fields) ? fields : _others.GetOrAdd(key, Make(key));
    }

    private AnswerFields Make(Key key)
    {
        var fields = ImmutableArray.CreateBuilder<AnswerField>();
        var policy = key.Headers == Decision.None ? null : _policies[key.Headers].Doors!.SecurityHeaders;
        var isWritten = false;
        if (key.IsSecure)
        {
            Add("Strict-Transport-Security", policy?.StrictTransportSecurity ?? _bundle.StrictTransportSecurity, DefaultTransport);
        }

        Add("Content-Security-Policy", policy?.ContentSecurityPolicy ?? _bundle.ContentSecurityPolicy, string.Empty);
        Add("X-Content-Type-Options", policy?.ContentTypeOptions ?? _bundle.ContentTypeOptions, "nosniff");
        Add("X-Frame-Options", policy?.FrameOptions ?? _bundle.FrameOptions, "DENY");
        Add("Referrer-Policy", policy?.ReferrerPolicy ?? _bundle.ReferrerPolicy, "strict-origin-when-cross-origin");
        Add("Permissions-Policy", policy?.PermissionsPolicy ?? _bundle.PermissionsPolicy, string.Empty);
        if (key.Cors != Decision.None)
        {
            isWritten = true;
            _policies[key.Cors].Doors!.Cors!.Add(key.Origin, key.IsPreflight, fields);
        }

        return new AnswerFields(fields.ToImmutable(), isWritten, hasCors: key.Cors != Decision.None);

        // What is written wins over the upstream, a default does not; an empty text is neither.
        void Add(string name, string? written, string byDefault)
        {
            isWritten |= written is { Length: > 0 };
            var value = written ?? byDefault;
            if (value.Length > 0)
            {
                fields.Add(new AnswerField(name, value, written is null ? AnswerFieldRule.Yields : AnswerFieldRule.Replaces));
            }
        }
    }

    private readonly record struct Key(int Headers, int Cors, int Origin, bool IsSecure, bool IsPreflight);
}
