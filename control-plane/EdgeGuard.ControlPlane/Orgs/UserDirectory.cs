using EdgeGuard.ControlPlane.Data;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Orgs;

/// <summary>Names people where they are shown; stored is only their id.</summary>
internal sealed class UserDirectory(ColumnProtector columns)
{
    /// <summary>What an e-mail's ciphertext is bound to.</summary>
    public static string EmailPlace(string userId) => "users.email/" + userId;

    /// <summary>E-mail addresses of the organization's people, by user id.</summary>
    public async Task<Dictionary<string, string>> EmailsAsync(ControlPlaneDbContext rows, CancellationToken cancellation)
    {
        var users = await rows.Users.AsNoTracking().ToListAsync(cancellation);
        return users.ToDictionary(
            user => user.Id, user => columns.Unprotect(EmailPlace(user.Id), user.OrganizationId, user.EmailCipher), StringComparer.Ordinal);
    }

    /// <summary>An author for people: the address, or the id of somebody who is gone.</summary>
    public static string Show(IReadOnlyDictionary<string, string> emails, string userId) => emails.GetValueOrDefault(userId, userId);

    /// <summary>An audit actor for people: <c>user:ID</c> becomes the address.</summary>
    public static string ShowActor(IReadOnlyDictionary<string, string> emails, string actor) =>
        actor.StartsWith("user:", StringComparison.Ordinal) && emails.TryGetValue(actor[5..], out var email) ? email : actor;
}
