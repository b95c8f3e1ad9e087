using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Answers;

/// <summary>The CORS protocol (Fetch standard, section "CORS protocol") for one policy: which fields answer which origin.</summary>
internal sealed class CompiledCors
{
    /// <summary>An origin that is not allowed, or none.</summary>
    public const int NoOrigin = -1;

    private static readonly AnswerField VaryByOrigin = new("Vary", "Origin", AnswerFieldRule.Adds);

    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _origins;
    private readonly CorsDefinition _cors;
    private readonly bool _isAny;

    public CompiledCors(CorsDefinition cors)
    {
        _cors = cors;
        _isAny = cors.AllowedOrigins is [CorsDefinition.AnyOrigin];
        var origins = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < cors.AllowedOrigins.Length; i++)
        {
            origins.TryAdd(cors.AllowedOrigins[i], i);
        }

        _origins = origins.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Index of an allowed origin, or <see cref="NoOrigin"/>. The opaque origin is nobody in particular, so it is never allowed.</summary>
    public int OriginOf(ReadOnlySpan<char> origin)
    {
        if (origin.IsEmpty || origin.SequenceEqual("null"))
        {
            return NoOrigin;
        }

        return _isAny ? 0 : _origins.TryGetValue(origin, out var index) ? index : NoOrigin;
    }

    /// <summary>Adds the fields of an answer to a page of an origin. What is told depends on the origin, so every answer says so to caches.</summary>
    public void Add(int origin, bool isPreflight, ImmutableArray<AnswerField>.Builder fields)
    {
        if (origin != NoOrigin)
        {
            Put(fields, "Access-Control-Allow-Origin", _cors.AllowedOrigins[origin]);
            if (_cors.AllowCredentials)
            {
                Put(fields, "Access-Control-Allow-Credentials", "true");
            }

            if (isPreflight)
            {
                Put(fields, "Access-Control-Allow-Methods", string.Join(", ", _cors.AllowedMethods));
                PutList(fields, "Access-Control-Allow-Headers", _cors.AllowedHeaders);
                Put(fields, "Access-Control-Max-Age", ((long)_cors.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                PutList(fields, "Access-Control-Expose-Headers", _cors.ExposedHeaders);
            }
        }

        fields.Add(VaryByOrigin);
    }

    private static void PutList(ImmutableArray<AnswerField>.Builder fields, string name, ImmutableArray<string> values)
    {
        if (!values.IsEmpty)
        {
            Put(fields, name, string.Join(", ", values));
        }
    }

    private static void Put(ImmutableArray<AnswerField>.Builder fields, string name, string value) =>
        fields.Add(new AnswerField(name, value, AnswerFieldRule.Replaces));
}
