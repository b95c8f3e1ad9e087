using EdgeGuard.Testing;

namespace EdgeGuard.House.Tests.Scripts;

/// <summary>What run.sh and test.sh do on a machine without a .NET SDK, with a network that is given to them.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SdkScriptTests : IDisposable
{
    private const string Wanted = "10.0.400";

    private readonly TempFolder _folder = new();

    public SdkScriptTests()
    {
        _folder.Write("global.json", $$"""{ "sdk": { "version": "{{Wanted}}" } }""");
        Directory.CreateDirectory(_folder.Combine("bin"));
    }

    [Fact]
    public async Task Sdk_ThatCannotBeFetched_IsExplained()
    {
        Install("curl", "exit 6");

        ProcessResult result = await EnsureAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("install script could not be fetched", result.Error, StringComparison.Ordinal);
        Assert.Contains($"install the .NET SDK {Wanted}", result.Error, StringComparison.Ordinal);
        Assert.Contains("copy the folder .dotnet", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sdk_ThatIsMissing_IsFetchedAtTheVersionOfGlobalJson()
    {
        // The stand-in for the network writes an install script that makes an SDK and keeps what it was asked for.
        Install("curl", """
            while [ "$1" != -o ]; do shift; done
            cat >"$2" <<'SCRIPT'
            while [ "$1" != --install-dir ]; do echo "$1" >>"$REPOSITORY/asked"; shift; done
            mkdir -p "$2"
            printf '#!/bin/sh\necho 10.0.400\n' >"$2/dotnet"
            chmod +x "$2/dotnet"
            SCRIPT
            """);

        ProcessResult first = await EnsureAsync();
        File.Delete(_folder.Combine("bin/curl"));
        ProcessResult second = await EnsureAsync();

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Equal($"--version\n{Wanted}\n", await File.ReadAllTextAsync(_folder.Combine("asked"), TestContext.Current.CancellationToken));
        Assert.Contains($"Fetching the .NET SDK {Wanted}", first.Error, StringComparison.Ordinal);
        Assert.Contains(_folder.Combine(".dotnet/dotnet"), first.Output, StringComparison.Ordinal);
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Contains(_folder.Combine(".dotnet/dotnet"), second.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Install(string program, string script)
    {
        string path = _folder.Write("bin/" + program, "#!/usr/bin/env bash\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // Only the system's own programs and the stand-ins: wherever this machine keeps its SDK, the script must not find it.
    private Task<ProcessResult> EnsureAsync()
    {
        const string Script = """
            set -euo pipefail
            command_v() { case "$2" in dotnet) [ -x "$REPOSITORY/.dotnet/dotnet" ] && [ "${DOTNET_ROOT:-}" = "$REPOSITORY/.dotnet" ] ;; *) builtin command "$@" ;; esac; }
            command() { command_v "$@"; }
            source "$1"
            sdk_ensure || exit 1
            builtin command -v dotnet
            """;
        return ProcessRunner.RunProgramAsync("bash", ["-c", Script, "sdk", RepositoryRoot.Combine("eng/sdk.sh")], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["REPOSITORY"] = _folder.Path,
            ["PATH"] = _folder.Combine("bin") + ":/usr/bin:/bin",
            ["DOTNET_ROOT"] = string.Empty,
        });
    }
}
