using System.Text.Json;

namespace EdgeGuard.Bundles.Signing;

/// <summary>The members of a protected header as written, before any of them is believed.</summary>
internal sealed class RawHeader
{
    /// <summary>Longest header accepted, decoded. Ours have about 250 bytes.</summary>
    public const int MaxBytes = 2048;

    private static readonly string[] Names = ["alg", "typ", "kid", "aud", "iss", "epoch", "seq", "iat", "exp"];
    private readonly string?[] _texts = new string?[5];
    private readonly long?[] _numbers = new long?[4];

    public string Algorithm => _texts[0]!;

    public string Type => _texts[1]!;

    public string KeyId => _texts[2]!;

    public string Audience => _texts[3]!;

    public string Issuer => _texts[4]!;

    public long Epoch => _numbers[0]!.Value;

    public long Sequence => _numbers[1]!.Value;

    public long IssuedAt => _numbers[2]!.Value;

    public long? ExpiresAt => _numbers[3];

    /// <summary>Reads a header: an object with exactly the known members, each once and of its type; only <c>exp</c> may be missing.</summary>
    public static RawHeader? TryRead(ReadOnlySpan<byte> json, out string problem)
    {
        var header = new RawHeader();
        try
        {
            problem = header.Read(json) ?? header.CheckComplete() ?? string.Empty;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            problem = "it is not valid JSON";
        }

        return problem.Length == 0 ? header : null;
    }

    private string? Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
        {
            return $"it is longer than {MaxBytes} bytes";
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 2 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "it is not a JSON object";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = Find(ref reader);
            if (index < 0)
            {
                // crit, jku, jwk, x5u and the like end here: nothing in a header may say how it is to be verified.
                return "it has a member that is not one of " + string.Join(", ", Names);
            }

            reader.Read();
            if (!Take(index, ref reader))
            {
                return $"member {Names[index]} is there twice or is not of its type and range";
            }
        }

        // Anything after the object is an error that this call throws for.
        return reader.Read() ? "it is not a JSON object" : null;
    }

    private static int Find(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (reader.ValueTextEquals(Names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private bool Take(int index, ref Utf8JsonReader reader)
    {
        const int MaxText = 256;
        if (index < _texts.Length)
        {
            if (_texts[index] is not null || reader.TokenType != JsonTokenType.String)
            {
                return false;
            }

            _texts[index] = reader.GetString();
            return _texts[index] is { Length: > 0 and <= MaxText };
        }

        // 253402300799 is the last second of the year 9999, the last that a DateTimeOffset can hold.
        var max = index >= 7 ? 253402300799 : long.MaxValue;
        ref var slot = ref _numbers[index - _texts.Length];
        if (slot is not null || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < 0 || value > max)
        {
            return false;
        }

        slot = value;
        return index != 6 || value > 0;
    }

    private string? CheckComplete()
    {
        for (var i = 0; i < Names.Length - 1; i++)
        {
            if (i < _texts.Length ? _texts[i] is null : _numbers[i - _texts.Length] is null)
            {
                return $"member {Names[i]} is missing";
            }
        }

        return null;
    }
}
