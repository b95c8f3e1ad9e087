namespace EdgeGuard.Bundles.Reading;

/// <summary>What an anchor names, and what each alias to it costs against the limits.</summary>
/// <param name="Node">The value; shared by its aliases, which is safe because nodes are immutable.</param>
/// <param name="Nodes">Values in it.</param>
/// <param name="Characters">Characters in it.</param>
/// <param name="Height">Levels of maps and lists in it.</param>
internal readonly record struct YamlAnchor(Node Node, int Nodes, long Characters, int Height);
