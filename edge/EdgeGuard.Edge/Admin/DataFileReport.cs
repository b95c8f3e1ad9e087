using System.Collections.Immutable;

namespace EdgeGuard.Edge.Admin;

/// <summary>A data file.</summary>
/// <param name="Fact">What it tells, such as <c>ip:country</c>.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Entries">Of the list in force; 0 when none could be read.</param>
/// <param name="ReadAt">When that list was read, or null.</param>
/// <param name="Problems">What was wrong with the file when it was last read.</param>
internal sealed record DataFileReport(string Fact, string Path, int Entries, DateTimeOffset? ReadAt, ImmutableArray<string> Problems);
