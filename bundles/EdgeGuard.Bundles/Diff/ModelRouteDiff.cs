using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>What makes a policy's route lead to models or tools.</summary>
internal sealed class ModelRouteDiff(ChangeList changes)
{
    public void Compare(string path, PolicyDefinition before, PolicyDefinition after)
    {
        Compare(path + ".llm", before.Llm, after.Llm);
        Compare(path + ".mcp", before.Mcp, after.Mcp);
    }

    private void Compare(string path, LlmRouteDefinition? before, LlmRouteDefinition? after)
    {
        if (before is null || after is null)
        {
            changes.Value(path, before?.Provider, after?.Provider, before is null && after is not null ? Effects.Tightens : after is null && before is not null ? Effects.Loosens : string.Empty);
            return;
        }

        changes.Value(path + ".provider", before.Provider, after.Provider);
        NameSets.Accepted(changes, path + ".allowed_models", before.AllowedModels, after.AllowedModels, emptyIsAny: true);
        NameSets.Refused(changes, path + ".denied_models", before.DeniedModels, after.DeniedModels);
        changes.Value(path + ".include_stream_usage", Word(before.IncludeStreamUsage), Word(after.IncludeStreamUsage));
        changes.Value(path + ".unit", before.CountsMoney ? "money" : "tokens", after.CountsMoney ? "money" : "tokens");
        changes.Number(path + ".max_body_bytes", before.MaxBodyBytes, after.MaxBodyBytes);
    }

    private void Compare(string path, McpRouteDefinition? before, McpRouteDefinition? after)
    {
        if (before is null || after is null)
        {
            changes.Value(path, before is null ? null : "tools", after is null ? null : "tools", before is null && after is not null ? Effects.Tightens : after is null && before is not null ? Effects.Loosens : string.Empty);
            return;
        }

        NameSets.Accepted(changes, path + ".allowed_tools", before.AllowedTools, after.AllowedTools, emptyIsAny: true);
        NameSets.Refused(changes, path + ".denied_tools", before.DeniedTools, after.DeniedTools);
        changes.Number(path + ".max_body_bytes", before.MaxBodyBytes, after.MaxBodyBytes);
    }

    private static string Word(bool value) => value ? "true" : "false";
}
