using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>A document as validators see it: safe to walk whatever is wrong with it.</summary>
internal sealed class DocumentView
{
    public DocumentView(Node root, DocumentFormat dialect)
    {
        Root = root;
        Dialect = dialect;
        var policies = new List<PolicyView>();
        var nodes = root.ItemsAt("policies");
        for (var i = 0; i < nodes.Count; i++)
        {
            policies.Add(new PolicyView(nodes[i], i));
        }

        Policies = policies;
    }

    public Node Root { get; }

    public DocumentFormat Dialect { get; }

    public IReadOnlyList<PolicyView> Policies { get; }

    public bool IsNative => Dialect == DocumentFormat.Native;
}
