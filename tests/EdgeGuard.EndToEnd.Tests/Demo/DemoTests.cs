using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EdgeGuard.EndToEnd.Tests.Demo;

/// <summary>The first command that anybody runs.</summary>
public sealed partial class DemoTests
{
    private static readonly string[] Ports = ["proxy", "decision", "decision-http2", "probes", "control-plane", "upstream"];

    [Fact]
    public async Task Port_InUse_IsNamedWithTheOptionThatChangesIt()
    {
        using TempFolder folder = new();
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        ProcessResult result = await ProcessRunner.RunAsync("EdgeGuard.Demo.Launcher", Arguments(folder, ("proxy", port), ("probes", port)));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            $"port {port} is in use: choose another with --proxy-port PORT, or stop what uses it\n" +
            $"port {port} is in use: choose another with --probes-port PORT, or stop what uses it\n", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Port_ThatIsNone_IsUsage()
    {
        ProcessResult result = await ProcessRunner.RunAsync("EdgeGuard.Demo.Launcher", ["--proxy-port", "80800"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("--proxy-port: '80800' is no port (0 to 65535)\n", result.Error);
    }

    [Fact]
    public async Task Interrupt_OfTheDemo_StopsAllThatItStarted()
    {
        using TempFolder folder = new();
        for (int run = 0; run < 2; run++)
        {
            // The second run finds the credentials and the bundle of the first.
            await using ProcessRunner demo = ProcessRunner.Start("EdgeGuard.Demo.Launcher", Arguments(folder));
            await demo.WaitForLineAsync(line => line.EndsWith("Ctrl-C stops all of it.", StringComparison.Ordinal), "the end of the greeting", TimeSpan.FromMinutes(3));
            string said = string.Join('\n', demo.Output.Items);
            Assert.Equal(5, NumberedCommand().Count(said));
            int controlPlane = int.Parse(ControlPlaneProcessId().Match(said).Groups["id"].Value, CultureInfo.InvariantCulture);
            Assert.True(Directory.Exists($"/proc/{controlPlane}"));

            PosixSignals.Send(demo.Id, PosixSignals.Interrupt);
            ProcessResult result = await demo.WaitForExitAsync();

            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.EndsWith("-- stopping\n-- stopped\n", result.Output, StringComparison.Ordinal);
            Assert.False(Directory.Exists($"/proc/{controlPlane}"));
            foreach (Match address in Address().Matches(said))
            {
                using Socket gone = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                int port = int.Parse(address.Groups["port"].Value, CultureInfo.InvariantCulture);
                await Assert.ThrowsAsync<SocketException>(async () => await gone.ConnectAsync(IPAddress.Loopback, port));
            }
        }
    }

    private static string[] Arguments(TempFolder folder, params (string Name, int Port)[] ports) =>
    [
        "--data-dir", folder.Path,
        .. Ports.SelectMany(name => (string[])[
            $"--{name}-port",
            ports.FirstOrDefault(port => port.Name == name).Port.ToString(CultureInfo.InvariantCulture)]),
    ];

    [GeneratedRegex(@"^  [1-5]\. ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NumberedCommand();

    [GeneratedRegex(@"\(process (?<id>[0-9]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ControlPlaneProcessId();

    [GeneratedRegex(@"https?://127\.0\.0\.1:(?<port>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Address();
}
