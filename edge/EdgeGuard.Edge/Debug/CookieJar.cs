using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Debug;

/// <summary>Finds and removes one cookie in the Cookie headers of a request, and leaves the others as they were written.</summary>
internal static class CookieJar
{
    /// <summary>The cookie's value; null when it is not there, or there more than once, so that nobody can tell which one is meant.</summary>
    public static string? Find(StringValues lines, string name)
    {
        string? found = null;
        foreach (var line in lines)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var pair = line.AsSpan(range).Trim();
                if (IsNamed(pair, name))
                {
                    if (found is not null)
                    {
                        return null;
                    }

                    found = pair[(pair.IndexOf('=') + 1)..].Trim().ToString();
                }
            }
        }

        return found;
    }

    /// <summary>Takes the cookie out, however often it is there.</summary>
    public static void Remove(IHeaderDictionary headers, string name)
    {
        var lines = headers.Cookie;
        if (!lines.Any(line => line is not null && line.Contains(name, StringComparison.Ordinal)))
        {
            return;
        }

        headers.Cookie = lines
            .Select(line => string.Join("; ", (line ?? string.Empty).Split(';', StringSplitOptions.TrimEntries).Where(pair => !IsNamed(pair, name))))
            .Where(line => line.Length > 0)
            .ToArray();
    }

    private static bool IsNamed(ReadOnlySpan<char> pair, string name)
    {
        var equals = pair.IndexOf('=');
        return equals >= 0 && pair[..equals].TrimEnd().SequenceEqual(name);
    }
}
