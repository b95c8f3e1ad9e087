using System.Net.Sockets;
using System.Security.Cryptography;

namespace EdgeGuard.Edge.Admin;

/// <summary>
/// A Unix socket that only its owner may use, at no time anybody else: bound inside a private folder, narrowed to 0600, and only then renamed
/// to its place. A stale socket of a killed process is replaced; one that somebody answers on is not.
/// </summary>
internal sealed class AdminSocket
{
    private readonly string _folder;

    /// <summary>A socket to be.</summary>
    public AdminSocket(string path)
    {
        FinalPath = Path.GetFullPath(path);
        _folder = Path.Combine(Path.GetDirectoryName(FinalPath)!, ".a" + RandomNumberGenerator.GetHexString(6, lowercase: true));
        BindPath = Path.Combine(_folder, "s");
    }

    /// <summary>Where clients find it.</summary>
    public string FinalPath { get; }

    /// <summary>Where the server binds it.</summary>
    public string BindPath { get; }

    /// <summary>Makes the private folder.</summary>
    /// <exception cref="IOException">Somebody answers on the socket already, or the folder cannot be made.</exception>
    public void Prepare()
    {
        if (IsAnswered())
        {
            throw new IOException("another process answers on it");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Shows the bound socket at its place.</summary>
    public void Publish()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(BindPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(BindPath, FinalPath, overwrite: true);
        Directory.Delete(_folder);
    }

    /// <summary>Removes what is left of it.</summary>
    public void Remove()
    {
        try
        {
            File.Delete(FinalPath);
            if (Directory.Exists(_folder))
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A stale socket is replaced at the next start.
        }
    }

    private bool IsAnswered()
    {
        if (!File.Exists(FinalPath))
        {
            return false;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(FinalPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
