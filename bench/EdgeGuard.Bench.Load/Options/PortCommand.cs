using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeGuard.Bench.Load.Options;

/// <summary>Free ports for servers that cannot choose one themselves. All are held until the last is known, so no two are the same.</summary>
internal static class PortCommand
{
    public static int Run(int count, TextWriter output)
    {
        List<TcpListener> listeners = [];
        for (int i = 0; i < count; i++)
        {
            TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            listeners.Add(listener);
        }

        output.WriteLine(string.Join(' ', listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture))));
        listeners.ForEach(listener => listener.Dispose());
        return 0;
    }
}
