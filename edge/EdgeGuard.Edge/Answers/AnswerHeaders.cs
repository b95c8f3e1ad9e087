using EdgeGuard.Engine.Answers;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Answers;

/// <summary>Writes answer fields into a response of the server.</summary>
internal static class AnswerHeaders
{
    /// <summary>Into an answer of the edge's own.</summary>
    public static void Tell(IHeaderDictionary headers, AnswerFields? fields)
    {
        foreach (var field in fields?.Fields ?? [])
        {
            headers[field.Name] = field.Rule == AnswerFieldRule.Adds ? StringValues.Concat(headers[field.Name], field.Value) : field.Value;
        }
    }

    /// <summary>Into what an upstream answered.</summary>
    public static void TellForwarded(IHeaderDictionary headers, AnswerFields? fields)
    {
        if (fields is null)
        {
            return;
        }

        if (fields.HasCors)
        {
            foreach (var name in headers.Keys.Where(fields.IsHidden).ToArray())
            {
                headers.Remove(name);
            }
        }

        foreach (var field in fields.Fields)
        {
            switch (field.Rule)
            {
                case AnswerFieldRule.Replaces:
                    headers[field.Name] = field.Value;
                    break;
                case AnswerFieldRule.Yields:
                    headers.TryAdd(field.Name, field.Value);
                    break;
                default:
                    headers.Append(field.Name, field.Value);
                    break;
            }
        }
    }
}
