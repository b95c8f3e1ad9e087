using System.Text.Json;

namespace EdgeGuard.Demo.Launcher.Stack;

/// <summary>What was shown once and is needed again at the next start. Readable by the owner only.</summary>
internal sealed record DemoCredentials
{
    private const string FileName = "credentials.json";

    public string AccessToken { get; init; } = string.Empty;

    public string CaFile { get; init; } = string.Empty;

    public string EdgeToken { get; init; } = string.Empty;

    public string SigningKey { get; init; } = string.Empty;

    public static string TokenFile(string folder) => Path.Combine(folder, "access-token");

    public static DemoCredentials Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<DemoCredentials>(File.ReadAllBytes(path)) ?? new() : new();
        }
        catch (JsonException)
        {
            throw new DemoException($"{path} cannot be read; remove the folder {folder} to begin anew");
        }
    }

    public void Save(string folder)
    {
        Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));
        Write(TokenFile(folder), AccessToken);
    }

    private static void Write(string path, string text)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using StreamWriter writer = new(path, options);
        writer.Write(text);
    }
}
