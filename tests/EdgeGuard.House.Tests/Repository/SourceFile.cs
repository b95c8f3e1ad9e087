namespace EdgeGuard.House.Tests.Repository;

/// <summary>A text file of the repository, or one made up by a test of a rule.</summary>
/// <param name="Path">Relative to the root, with slashes.</param>
/// <param name="Text">Content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public string Extension => System.IO.Path.GetExtension(Path);

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    public string[] Lines => Text.Split('\n');

    /// <summary>Lines as people count them: a final newline opens no new one.</summary>
    public int LineCount => Lines.Length - (Text.EndsWith('\n') ? 1 : 0);
}
