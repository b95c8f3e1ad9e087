using System.Text.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.ApiKeys;

/// <summary>Reads the keys of an organization, and the set of them that is sent to edges.</summary>
internal sealed class ApiKeyReader(ColumnProtector columns)
{
    /// <summary>What a definition's ciphertext is bound to.</summary>
    public static string DefinitionPlace(string id) => "api_keys.definition/" + id;

    /// <summary>What was asked for when the key was made.</summary>
    public CreateApiKey Definition(ApiKeyRow row) => JsonSerializer.Deserialize(
        columns.Unprotect(DefinitionPlace(row.Id), row.OrganizationId, row.DefinitionCipher), ContractsJson.Default.CreateApiKey)!;

    /// <summary>
    /// The whole set with a sequence number. Keys that have expired since stay in it until the next change: edges refuse them by themselves, and one
    /// sequence number must always stand for the same bytes.
    /// </summary>
    public async Task<DirectiveSet> SetAsync(ControlPlaneDbContext rows, long sequence, CancellationToken cancellation)
    {
        var present = await rows.ApiKeys.AsNoTracking().Where(row => row.RemovedAt == null)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellation);
        // One that is replaced in the second that it was made in was never valid, and edges refuse such entries.
        present.RemoveAll(row => row.ExpiresAt <= row.NotBefore);
        return new DirectiveSet(sequence, BundleReader.WriteApiKeys(present.Select(row => ForEdges(row, Definition(row)))), present.Count);
    }

    /// <summary>A key as edges get it.</summary>
    public static ApiKeyDefinition ForEdges(ApiKeyRow row, CreateApiKey definition)
    {
        var publishable = IsPublishable(definition);
        var key = new ApiKeyDefinition
        {
            Id = row.Id,
            IsPublishable = publishable,
            Sha256 = Convert.ToHexStringLower(row.KeyHash),
            Organization = definition.Organization,
            Plan = definition.Plan,
            Scopes = [.. definition.Scopes ?? []],
            AllowedOrigins = [.. definition.AllowedOrigins ?? []],
            AllowedMethods = [.. definition.AllowedMethods ?? []],
            AllowedPaths = [.. definition.AllowedPaths ?? []],
            NotBefore = row.NotBefore,
            ExpiresAt = row.ExpiresAt,
        };
        return key with { Environment = definition.Environment ?? key.Environment };
    }

    /// <summary>Whether a request is for a publishable key.</summary>
    public static bool IsPublishable(CreateApiKey request) => request.Kind == "publishable";
}
