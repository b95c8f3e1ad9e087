namespace EdgeGuard.EndToEnd.Tests.Images;

/// <summary>
/// Runs programs the way a container engine runs the image: in a mount namespace of their own whose root is read-only and holds the runtime, the
/// published folder and the declared volumes; as an unprivileged user without capabilities; nothing but the volumes can be written, not even
/// a temporary folder.
/// </summary>
internal sealed class ImageRoot(string application, string volumeInside, string volumeOutside)
{
    /// <summary>User of the chiseled images (<c>APP_UID</c>).</summary>
    private const string UserId = "1654";

    private static readonly bool IsRoot = Environment.UserName == "root";

    /// <summary>Why it cannot be done on this machine, or null.</summary>
    public static async Task<string?> WhyNotAsync()
    {
        if (!File.Exists("/usr/bin/unshare") || !File.Exists("/usr/bin/setpriv"))
        {
            return "unshare and setpriv (util-linux) are not installed, so that an image cannot be imitated";
        }

        ProcessResult result = await ProcessRunner.RunProgramAsync("unshare", [.. Unshare, "--", "sh", "-c", "mount -t tmpfs none /mnt"]);
        return result.ExitCode == 0 ? null : $"this kernel or container allows no mount namespace, so that an image cannot be imitated: {result.Error.Trim()}";
    }

    public ProcessRunner Start(IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        if (IsRoot)
        {
            // The volume as the image declares it: owned by the image's user.
            File.SetUnixFileMode(volumeOutside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return ProcessRunner.StartProgram("unshare", [.. Unshare, "--", "sh", "-euc", Script, "image", .. command], environment);
    }

    // The root of a user namespace may mount; without being root outside that is the way to a namespace of one's own.
    private static string[] Unshare => IsRoot ? ["--mount"] : ["--user", "--map-current-user", "--keep-caps", "--mount"];

    private string Script
    {
        get
        {
            string dotnet = Path.GetDirectoryName(Path.GetFullPath(ResolveLink(FindHost())))!;
            string enter = IsRoot
                ? $"exec setpriv --no-new-privs --bounding-set=-all,+setuid,+setgid,+sys_chroot chroot --userspec={UserId}:{UserId} --groups= \"$root\""
                : "exec setpriv --no-new-privs chroot \"$root\"";
            return $"""
                root=$(mktemp -d)
                mount -t tmpfs none "$root"
                bind() (
                  mkdir -p "$root$2"
                  mount --bind "$1" "$root$2"
                  if [ "$3" = ro ]; then mount -o remount,bind,ro "$root$2"; fi
                )
                for folder in /lib /lib64 /usr/lib /usr/lib64 /etc/ssl /usr/share/zoneinfo; do
                  if [ -d "$folder" ]; then bind "$folder" "$folder" ro; fi
                done
                bind '{dotnet}' /usr/share/dotnet ro
                bind '{application}' /app ro
                bind '{volumeOutside}' '{volumeInside}' rw
                mkdir -p "$root/dev" "$root/proc"
                touch "$root/dev/null" "$root/dev/urandom"
                mount --bind /dev/null "$root/dev/null"
                mount --bind /dev/urandom "$root/dev/urandom"
                mount --rbind /proc "$root/proc"
                {(IsRoot ? $"chown {UserId}:{UserId} '{volumeOutside}'" : string.Empty)}
                mount -o remount,ro "$root"
                program=$1
                shift
                if [ "$program" = dotnet ]; then program=/usr/share/dotnet/dotnet; fi
                {enter} "$program" "$@"
                """;
        }
    }

    private static string FindHost()
        => Path.IsPathRooted(ProcessRunner.DotnetHost)
            ? ProcessRunner.DotnetHost
            : Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);

    private static string ResolveLink(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
