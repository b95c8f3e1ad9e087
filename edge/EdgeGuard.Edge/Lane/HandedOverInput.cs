using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace EdgeGuard.Edge.Lane;

/// <summary>The input of a connection of which something was read already: that first, then what arrives.</summary>
internal sealed class HandedOverInput : IDuplexPipe
{
    private HandedOverInput(PipeReader input, PipeWriter output)
    {
        Input = input;
        Output = output;
    }

    /// <inheritdoc />
    public PipeReader Input { get; }

    /// <inheritdoc />
    public PipeWriter Output { get; }

    /// <summary>Puts what was read before what arrives.</summary>
    public static ConnectionContext Prepend(ConnectionContext connection, byte[] read)
    {
        var inner = connection.Transport;
        var pipe = new Pipe(new PipeOptions(useSynchronizationContext: false));
        connection.Transport = new HandedOverInput(pipe.Reader, inner.Output);
        _ = CopyAsync(read, inner.Input, pipe.Writer);
        return connection;
    }

    private static async Task CopyAsync(byte[] read, PipeReader from, PipeWriter to)
    {
        Exception? failure = null;
        try
        {
            if (!(await to.WriteAsync(read)).IsCompleted)
            {
                await from.CopyToAsync(to);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Told to the reader, as the connection itself would tell it.
            failure = gone;
        }

        await to.CompleteAsync(failure);
        await from.CompleteAsync();
    }
}
