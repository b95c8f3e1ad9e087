using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>Which class a request is in.</summary>
/// <param name="By">Where the class is read.</param>
/// <param name="Classes">2 to 8 classes, most important first; the last is shed first.</param>
/// <param name="Default">Class of a request without one or with an unknown one.</param>
public sealed record PriorityDefinition(DescriptorKey By, ImmutableArray<string> Classes, string Default);
