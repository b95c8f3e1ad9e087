using System.Text;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>Advice about selectors: two enforcing policies for exactly the same requests are easily overlooked.</summary>
internal sealed class SelectorLint(Findings findings)
{
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    public void Check(PolicyView policy)
    {
        if (policy.Selector is not { } selector || policy.Spec?.TextAt("mode") == "shadow")
        {
            return;
        }

        var key = new StringBuilder();
        key.Append(selector.TextAt("pathExact") ?? selector.TextAt("path_exact")).Append('\n');
        key.Append(selector.TextAt("pathPrefix") ?? selector.TextAt("path_prefix")).Append('\n');
        key.AppendJoin(' ', selector.ItemsAt("hosts").Select(host => host.Text.ToLowerInvariant()).Order(StringComparer.Ordinal)).Append('\n');
        key.AppendJoin(' ', selector.ItemsAt("methods").Select(method => method.Text).Order(StringComparer.Ordinal));
        if (!_seen.TryAdd(key.ToString(), policy.Path))
        {
            findings.Hint(
                LintCodes.SameSelector,
                selector.Location,
                policy.Path + ".spec.selector",
                $"{_seen[key.ToString()]} selects exactly the same requests, and both are enforced",
                "put the rules into one policy, unless two owners are meant");
        }
    }
}
