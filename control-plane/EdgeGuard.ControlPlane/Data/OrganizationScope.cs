namespace EdgeGuard.ControlPlane.Data;

/// <summary>
/// Whose rows this unit of work may see. Empty until a credential (or a background task that works for one organization) enters it;
/// while it is empty every query of an owned row gives nothing.
/// </summary>
internal sealed class OrganizationScope
{
    /// <summary>The organization, or null: sees nothing.</summary>
    public string? OrganizationId { get; private set; }

    /// <summary>Enters an organization, once.</summary>
    /// <exception cref="InvalidOperationException">The scope was entered before; one unit of work never changes sides.</exception>
    public void Enter(string organizationId)
    {
        if (OrganizationId is not null)
        {
            throw new InvalidOperationException("The scope already belongs to an organization.");
        }

        OrganizationId = organizationId;
    }

    /// <summary>A scope for work that no request started.</summary>
    public static OrganizationScope For(string organizationId)
    {
        var scope = new OrganizationScope();
        scope.Enter(organizationId);
        return scope;
    }
}
