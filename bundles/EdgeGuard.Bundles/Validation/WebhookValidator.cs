using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Webhooks: each provider says all that its scheme needs and nothing that the scheme would ignore, and policies name what is there.</summary>
internal static class WebhookValidator
{
    private static readonly string[] OnlyGeneric = ["signed_content", "encoding", "prefix"];

    public static void Check(DocumentView document, Findings findings)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var webhooks = document.Root.ItemsAt("webhooks");
        for (var i = 0; i < webhooks.Count; i++)
        {
            var path = "webhooks[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            CheckOne(webhooks[i], path, findings);
            if (webhooks[i].TextAt("id") is { } id)
            {
                ids.Add(id);
            }
        }

        foreach (var policy in document.Policies)
        {
            if (policy.Spec?["webhook"] is { Kind: NodeKind.String } webhook)
            {
                CheckName(webhook, policy.Path + ".spec.webhook", ids, findings);
            }
        }

        CheckTests(document.Root, ids, findings);
    }

    private static void CheckOne(Node node, string path, Findings findings)
    {
        if (node.TextAt("id") == PolicyTestRequest.InvalidDelivery)
        {
            findings.Error(
                MeaningCodes.WebhookIdReserved,
                node["id"]!.Location,
                path + ".id",
                "\"invalid\" stands for a delivery that does not verify, in policy tests",
                "give the webhook another id");
        }

        var scheme = node.TextAt("scheme");
        if (scheme == "generic")
        {
            CheckGeneric(node, path, findings);
            return;
        }

        foreach (var field in OnlyGeneric)
        {
            Forbid(node, field, path, $"{scheme} says itself how it signs", "remove it, or put the scheme together with scheme: generic", findings);
        }

        if (scheme is "github" or "stripe")
        {
            Forbid(node, "timestamp_header", path, $"{scheme} signs no such header", "remove it", findings);
        }

        if (scheme is "github" or "stripe" or "slack")
        {
            Forbid(
                node,
                "delivery_id_header",
                path,
                $"{scheme} does not sign the id of a delivery, so whoever has seen one could send it again under another id",
                "remove it: deliveries are told apart by what is signed",
                findings);
        }
    }

    private static void CheckGeneric(Node node, string path, Findings findings)
    {
        foreach (var field in (ReadOnlySpan<string>)["signature_header", "signed_content"])
        {
            if (node[field] is null)
            {
                findings.Error(MeaningCodes.WebhookFields, node.Location, path, $"a generic webhook needs {field}", $"add {field}");
            }
        }

        if (node.TextAt("signed_content") is not { } template)
        {
            return;
        }

        if (!WebhookTemplate.TryParse(template, out var parts, out var problem))
        {
            findings.Error(
                MeaningCodes.WebhookTemplate,
                node["signed_content"]!.Location,
                path + ".signed_content",
                $"{Quote.Text(template)} cannot be what is signed: {problem}",
                "use {body} once, and {timestamp}, {id} or {header:name} with text between them");
            return;
        }

        CheckUse(node, "timestamp_header", "{timestamp}", parts.Any(part => part.Kind == WebhookPartKind.Timestamp), path, findings);
        var signsId = parts.Any(part => part.Kind == WebhookPartKind.Id) || IsSigned(parts, node.TextAt("delivery_id_header"));
        CheckUse(node, "delivery_id_header", "{id}", signsId, path, findings);
    }

    private static bool IsSigned(ImmutableArray<WebhookTemplatePart> parts, string? header) =>
        header is not null && parts.Any(part => part.Kind == WebhookPartKind.Header && part.Text == DescriptorCatalog.LowerAscii(header));

    // What is read and not signed could be changed; what is signed has to be read somewhere.
    private static void CheckUse(Node node, string field, string placeholder, bool isSigned, string path, Findings findings)
    {
        if (isSigned && node[field] is null)
        {
            findings.Error(
                MeaningCodes.WebhookFields,
                node["signed_content"]!.Location,
                path,
                $"{placeholder} is signed, and {field} does not say where it stands",
                $"add {field}");
        }
        else if (!isSigned && node[field] is { } unsigned)
        {
            findings.Error(
                MeaningCodes.WebhookFields,
                unsigned.Location,
                $"{path}.{field}",
                $"the header is not signed, so whoever has seen a delivery could send it again with another value",
                $"put {placeholder} into signed_content if the provider signs it; otherwise remove {field}");
        }
    }

    private static void Forbid(Node node, string field, string path, string message, string fix, Findings findings)
    {
        if (node[field] is { } given)
        {
            findings.Error(MeaningCodes.WebhookFields, given.Location, $"{path}.{field}", message, fix);
        }
    }

    private static void CheckTests(Node root, HashSet<string> ids, Findings findings)
    {
        var tests = root.ItemsAt("tests");
        for (var i = 0; i < tests.Count; i++)
        {
            var steps = tests[i].ItemsAt("steps");
            for (var j = 0; j < steps.Count; j++)
            {
                if (steps[j]["request"]?["webhook"] is { Kind: NodeKind.String } webhook && webhook.Text != PolicyTestRequest.InvalidDelivery)
                {
                    CheckName(webhook, string.Create(CultureInfo.InvariantCulture, $"tests[{i}].steps[{j}].request.webhook"), ids, findings);
                }
            }
        }
    }

    private static void CheckName(Node webhook, string path, HashSet<string> ids, Findings findings)
    {
        if (!ids.Contains(webhook.Text))
        {
            var nearest = findings.IsFull ? null : NearestName.Of(webhook.Text, ids);
            findings.Error(
                MeaningCodes.UnknownWebhook,
                webhook.Location,
                path,
                $"no webhook has the id {Quote.Text(webhook.Text)}",
                nearest is null ? "add it to webhooks" : $"did you mean {nearest}?");
        }
    }
}
