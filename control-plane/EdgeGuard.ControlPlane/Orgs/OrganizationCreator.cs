using System.Text.Json;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Orgs;

/// <summary>Sets up an organization with its first administrator and access token. Only who can reach the data folder can do it.</summary>
internal sealed class OrganizationCreator(Writer writer, KeyMaterial keys)
{
    /// <summary>Longest name, region or address.</summary>
    private const int MaxLength = 200;

    /// <summary>Creates it.</summary>
    /// <exception cref="ControlPlaneException">A name is not usable (EG6026), or organization or user exist already (EG6008).</exception>
    public async Task<NewOrganization> CreateAsync(string name, string email, string region, CancellationToken cancellation)
    {
        Check("organization", name);
        Check("region", region);
        Check("user", email);
        if (!email.Contains('@', StringComparison.Ordinal))
        {
            throw new ControlPlaneException(ControlPlaneCodes.UsageInvalid, "the user is not an e-mail address", "give --user name@example.org");
        }

        var organizationId = Guid.CreateVersion7().ToString("N");
        var userId = Guid.CreateVersion7().ToString("N");
        var token = BearerToken.Create(BearerToken.UserPrefix);
        try
        {
            await writer.WriteAsync(organizationId, Actor.System("init"), async (write, stop) =>
            {
                // In the order of the foreign keys, which only the schema knows.
                write.Rows.Organizations.Add(new OrganizationRow { Id = organizationId, Name = name, Region = region, CreatedAt = write.Now });
                write.Audit(AuditActions.OrganizationCreate, "organization:" + organizationId, null,
                    $$"""{"name":{{Quote(name)}},"region":{{Quote(region)}}}""");
                await write.Rows.SaveChangesAsync(stop);
                AddUser(write, email, userId);
                await write.Rows.SaveChangesAsync(stop);
                AddTokenAndSequences(write, userId, token);
                return true;
            }, cancellation);
        }
        catch (DbUpdateException error) when (StorageErrors.IsDuplicate(error))
        {
            throw new ControlPlaneException(ControlPlaneCodes.AlreadyExists, $"organization '{name}' or its user exists already",
                "nothing was changed; use the access token that was printed when it was created", error);
        }

        return new NewOrganization(organizationId, userId, token);
    }

    private void AddUser(WriteTransaction write, string email, string userId)
    {
        write.Rows.Users.Add(new UserRow
        {
            Id = userId,
            OrganizationId = write.OrganizationId,
            EmailCipher = keys.Columns.Protect(UserDirectory.EmailPlace(userId), write.OrganizationId, email),
            EmailIndex = keys.Hashes.Email(email),
            Role = nameof(Role.Admin),
            CreatedAt = write.Now,
        });
        write.Audit(AuditActions.UserCreate, "user:" + userId, null, $$"""{"role":"{{nameof(Role.Admin)}}"}""");
    }

    private static void AddTokenAndSequences(WriteTransaction write, string userId, string token)
    {
        var tokenId = Guid.CreateVersion7().ToString("N");
        write.Rows.AccessTokens.Add(new AccessTokenRow
        {
            Id = tokenId,
            OrganizationId = write.OrganizationId,
            UserId = userId,
            TokenHash = BearerToken.Hash(token),
            CreatedAt = write.Now,
        });
        // Sets start at 1, the empty set: a document's sequence is at least 1. Versions of bundles and sets of API keys start at 1 with the first one.
        write.Rows.DirectiveSequences.AddRange(
            new DirectiveSequenceRow { OrganizationId = write.OrganizationId, Kind = SequenceKinds.KillSwitches, Value = 1 },
            new DirectiveSequenceRow { OrganizationId = write.OrganizationId, Kind = SequenceKinds.Revocations, Value = 1 },
            new DirectiveSequenceRow { OrganizationId = write.OrganizationId, Kind = SequenceKinds.ApiKeys, Value = 0 },
            new DirectiveSequenceRow { OrganizationId = write.OrganizationId, Kind = SequenceKinds.Bundles, Value = 0 });
        write.Audit(AuditActions.AccessTokenCreate, "access_token:" + tokenId);
    }

    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    private static void Check(string what, string value)
    {
        if (value.Length is 0 or > MaxLength || value.AsSpan().Trim().Length != value.Length || value.Any(char.IsControl))
        {
            throw new ControlPlaneException(ControlPlaneCodes.UsageInvalid,
                $"the {what} is not 1 to {MaxLength} characters without control characters or white space around it", $"give another --{what}");
        }
    }
}
