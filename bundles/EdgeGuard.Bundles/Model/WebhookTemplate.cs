using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace EdgeGuard.Bundles.Model;

/// <summary>What a webhook's provider signs: text with <c>{body}</c>, <c>{timestamp}</c>, <c>{id}</c> and <c>{header:name}</c> in it.</summary>
public static partial class WebhookTemplate
{
    /// <summary>Reads a template.</summary>
    /// <param name="template">The text.</param>
    /// <param name="parts">Its parts, in order.</param>
    /// <param name="problem">What is wrong with it; empty when nothing is.</param>
    /// <returns>False when it holds something else in braces, not the body exactly once, or two values with nothing between them to tell where one ends.</returns>
    public static bool TryParse(string template, out ImmutableArray<WebhookTemplatePart> parts, out string problem)
    {
        ArgumentNullException.ThrowIfNull(template);
        var read = ImmutableArray.CreateBuilder<WebhookTemplatePart>();
        problem = string.Empty;
        var position = 0;
        foreach (Match match in Placeholder().Matches(template))
        {
            AddText(read, template[position..match.Index], ref problem);
            var part = PartOf(match.Groups["name"].Value);
            if (part is null)
            {
                problem = $"{match.Value} is no placeholder";
            }
            else
            {
                if (read.Count > 0 && read[^1].Kind != WebhookPartKind.Text)
                {
                    problem = $"nothing stands before {match.Value} to tell where the value before it ends";
                }

                read.Add(part.Value);
            }

            position = match.Index + match.Length;
        }

        AddText(read, template[position..], ref problem);
        if (problem.Length == 0 && read.Count(part => part.Kind == WebhookPartKind.Body) != 1)
        {
            problem = "the body has to be signed, once";
        }

        parts = read.ToImmutable();
        return problem.Length == 0;
    }

    private static void AddText(ImmutableArray<WebhookTemplatePart>.Builder parts, string text, ref string problem)
    {
        if (text.AsSpan().IndexOfAny('{', '}') >= 0)
        {
            problem = "a brace belongs to no placeholder";
        }

        if (text.Length > 0)
        {
            parts.Add(new WebhookTemplatePart(WebhookPartKind.Text, text));
        }
    }

    private static WebhookTemplatePart? PartOf(string name) => name switch
    {
        "body" => new WebhookTemplatePart(WebhookPartKind.Body, string.Empty),
        "timestamp" => new WebhookTemplatePart(WebhookPartKind.Timestamp, string.Empty),
        "id" => new WebhookTemplatePart(WebhookPartKind.Id, string.Empty),
        _ when HeaderName().Match(name) is { Success: true } header => new WebhookTemplatePart(WebhookPartKind.Header, header.Groups["header"].Value.ToLowerInvariant()),
        _ => null,
    };

    [GeneratedRegex(@"\{(?<name>[^{}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 250)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^header:(?<header>[A-Za-z0-9_-]{1,100})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 250)]
    private static partial Regex HeaderName();
}
