using System.Net;
using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.EndToEnd.Tests.Load;

/// <summary>A gigabyte each way: it is streamed through, whatever its size.</summary>
public sealed class LargeBodyTests
{
    private const long Size = 1L << 30;

    /// <summary>What the process may grow by, at most, at any time: far less than what passes, and more than its buffers and garbage.</summary>
    private const long MayGrow = 256L << 20;

    [Fact]
    public async Task Gigabyte_UpAndDown_IsNotKeptInMemory()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Upstream.Record = false;
        long arrived = 0;
        site.Upstream.Answer = async context =>
        {
            byte[] buffer = new byte[256 * 1024];
            if (HttpMethods.IsGet(context.Request.Method))
            {
                context.Response.ContentLength = context.Request.Path.Value!.EndsWith("large", StringComparison.Ordinal) ? Size : 0;
                for (long sent = 0; sent < context.Response.ContentLength; sent += buffer.Length)
                {
                    await context.Response.Body.WriteAsync(buffer, context.RequestAborted);
                }

                return;
            }

            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                arrived += read;
            }
        };
        site.Install(await site.SignAsync(SampleBundles.Open("api")));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings);
        await edge.WaitReadyAsync();
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge.Proxy, Timeout = TimeSpan.FromMinutes(10) };
        using (HttpResponseMessage warm = await client.GetAsync("/v1/small"))
        {
            Assert.Equal(HttpStatusCode.OK, warm.StatusCode);
        }

        long before = PeakBytes(edge.Process.Id);
        using (HttpResponseMessage up = await client.PutAsync("/v1/large", new ZeroContent(Size)))
        {
            Assert.Equal((HttpStatusCode.OK, Size), (up.StatusCode, arrived));
        }

        using (HttpResponseMessage down = await client.GetAsync("/v1/large", HttpCompletionOption.ResponseHeadersRead))
        {
            long received = 0;
            byte[] buffer = new byte[256 * 1024];
            await using Stream body = await down.Content.ReadAsStreamAsync();
            int read;
            while ((read = await body.ReadAsync(buffer)) > 0)
            {
                received += read;
            }

            Assert.Equal(Size, received);
        }

        Assert.InRange(PeakBytes(edge.Process.Id) - before, 0, MayGrow);
    }

    /// <summary>The most memory that a process ever had (VmHWM of proc(5)).</summary>
    private static long PeakBytes(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(entry => entry.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Zeros, as many as wanted.</summary>
    private sealed class ZeroContent(long size) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] buffer = new byte[256 * 1024];
            for (long sent = 0; sent < size; sent += buffer.Length)
            {
                await stream.WriteAsync(buffer);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
