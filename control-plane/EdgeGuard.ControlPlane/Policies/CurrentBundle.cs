using EdgeGuard.Bundles.Model;
using EdgeGuard.ControlPlane.Data;

namespace EdgeGuard.ControlPlane.Policies;

/// <summary>The newest published version, with its document as the reader of this release understands it (null when it does not).</summary>
internal sealed record CurrentBundle(BundleVersionRow Row, PolicyDocument? Document);
