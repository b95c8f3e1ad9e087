using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Edges;
using EdgeGuard.ControlPlane.Hosting;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>Accepts streams that prove their key, one an edge, and serves them.</summary>
internal sealed class StreamServer(
    DirectiveHub hub, PendingSessions pending, KeyMaterial keys, EdgeStates states, Writer writer, TimeProvider time, ILogger<StreamServer> log)
{
    /// <summary>The stream that a challenge was answered for, or null when the answer does not hold.</summary>
    public async Task<EdgeConnection?> AcceptAsync(Caller caller, string sessionId, string proof, CancellationToken cancellation)
    {
        var session = pending.Take(sessionId, caller.EdgeId);
        if (session is null)
        {
            return null;
        }

        var credential = caller.Credential;
        var key = keys.EdgeKey(credential.OrganizationId, caller.EdgeId, credential.KeyId);
        if (!CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(KeyDerivation.Prove(key, session.Challenge, caller.EdgeId)), Encoding.UTF8.GetBytes(proof)))
        {
            ControlPlaneLog.ProofFailed(log, caller.EdgeId);
            await AuditAsync(caller, AuditActions.EdgeProofFailed, cancellation);
            return null;
        }

        var state = await hub.StateAsync(credential.OrganizationId, cancellation);
        await states.ConnectedAsync(caller, session, cancellation);
        var connection = new EdgeConnection(
            caller.EdgeId, credential.TokenId, sessionId, new DirectiveSigner(key, caller.EdgeId, time), state, credential.ValidUntil);
        if (hub.Enter(connection) is not { } older)
        {
            return connection;
        }

        if (Continues(session.Request, older))
        {
            older.Close("the edge goes on with another session");
        }
        else
        {
            older.Close("a second session of the same edge began");
            ControlPlaneLog.SecondSession(log, caller.EdgeId);
            try
            {
                await AuditAsync(caller, AuditActions.EdgeSecondSession, cancellation);
            }
            catch
            {
                // An alert that cannot be written must not be passed over: the stream is not served, and the edge tries again.
                hub.Leave(connection);
                connection.Dispose();
                throw;
            }
        }

        return connection;
    }

    /// <summary>Serves a stream until it ends.</summary>
    public async Task ServeAsync(EdgeConnection connection, PipeWriter output, CancellationToken cancellation)
    {
        ControlPlaneLog.EdgeConnected(log, connection.EdgeId, states.Find(connection.EdgeId)?.EdgeVersion ?? string.Empty);
        try
        {
            await connection.RunAsync(output, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Either side closed it; the cause is logged below.
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            ControlPlaneLog.StreamFailed(log, connection.EdgeId, error);
        }
        finally
        {
            hub.Leave(connection);
            states.Seen(connection.EdgeId);
            ControlPlaneLog.EdgeDisconnected(log, connection.EdgeId, connection.Cause);
            connection.Dispose();
        }
    }

    // Ids are random and known to their edge alone: whoever names one is that edge, or has taken it over on its machine.
    private static bool Continues(SessionRequest request, EdgeConnection older) => request.Continues is { } named
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(named), Encoding.UTF8.GetBytes(older.SessionId));

    private async Task AuditAsync(Caller caller, string action, CancellationToken cancellation) =>
        await writer.WriteAsync(caller.OrganizationId, caller.Actor, (write, _) =>
        {
            write.Audit(action, "edge:" + caller.EdgeId);
            return Task.FromResult(true);
        }, cancellation);
}
