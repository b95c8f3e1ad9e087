namespace EdgeGuard.Bundles.Schema;

/// <summary>One kind of descriptor of the language.</summary>
/// <param name="Text">As the reference page writes it: <c>header:&lt;name&gt;</c>.</param>
/// <param name="Prefix">What it starts with, colon included; the whole text when it takes no name.</param>
/// <param name="NamePattern">Regular expression of the name, or empty when the prefix is all.</param>
/// <param name="Summary">What its value is.</param>
internal sealed record DescriptorPattern(string Text, string Prefix, string NamePattern, string Summary);
