using System.Globalization;
using System.Text.Json;
using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>A request for a kill switch as a set of one, so that it is validated by what validates all kill switches.</summary>
internal static class KillSwitchRequestJson
{
    /// <summary>Writes <c>{"kill_switches":[...]}</c>.</summary>
    public static byte[] Write(CreateKillSwitch request, string id)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("kill_switches");
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("scope_key", request.ScopeKey ?? string.Empty);
            json.WriteString("scope_value", request.ScopeValue ?? string.Empty);
            WriteOptional(json, "route", request.Route);
            WriteOptional(json, "reason", request.Reason);
            WriteOptional(json, "expires_at", request.ExpiresAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            if (request.Status is { } status)
            {
                json.WriteNumber("status", status);
            }

            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
