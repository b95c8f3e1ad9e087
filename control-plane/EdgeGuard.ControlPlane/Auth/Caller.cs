using EdgeGuard.ControlPlane.Data;

namespace EdgeGuard.ControlPlane.Auth;

/// <summary>Who makes the present request. Filled by <see cref="AccessMiddleware"/> before any handler runs.</summary>
internal sealed class Caller(OrganizationScope scope)
{
    private Credential? _credential;

    /// <summary>The credential.</summary>
    /// <exception cref="InvalidOperationException">Nobody was authenticated; no handler runs then.</exception>
    public Credential Credential => _credential ?? throw new InvalidOperationException("The caller is not authenticated.");

    /// <summary>As the audit log names it.</summary>
    public Actor Actor { get; private set; } = Actor.System("nobody");

    public string OrganizationId => Credential.OrganizationId;

    /// <summary>The edge that is calling.</summary>
    public string EdgeId => Credential.EdgeId ?? throw new InvalidOperationException("The caller is not an edge.");

    /// <summary>Sets who is calling, and with it whose rows the request sees.</summary>
    public void Enter(Credential credential, string sourceHash)
    {
        scope.Enter(credential.OrganizationId);
        _credential = credential;
        Actor = new Actor(credential.ActorName, sourceHash);
    }
}
