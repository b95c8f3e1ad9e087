using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>What the OpenAPI document says beside what the endpoints declare: the credential, and the errors that every call can give.</summary>
internal static class ApiDocument
{
    private const string Scheme = "bearer";

    private static readonly (string Status, string Description)[] CommonErrors =
    [
        ("400", "The request is invalid."),
        ("401", "The credential is missing or invalid."),
        ("403", "The credential does not allow this."),
        ("429", "Called too often; Retry-After says how long to wait."),
        ("503", "The database did not answer in time."),
    ];

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "EdgeGuard control plane", Version = ProductVersion.Text };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Scheme,
                Description = "An access token (egu_) for the management API, an edge token (egt_) for what edges call.",
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellation) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellation);
            operation.Responses ??= [];
            foreach (var (status, description) in CommonErrors)
            {
                operation.Responses.TryAdd(status, new OpenApiResponse
                {
                    Description = description,
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        ["application/problem+json"] = new OpenApiMediaType { Schema = schema },
                    },
                });
            }

            var access = context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointAccess>().FirstOrDefault();
            if (access is not null)
            {
                operation.Description = access.Action is ApiAction.ActAsEdge
                    ? "For edges, with their own token."
                    : "Roles: " + string.Join(", ", RolePermissions.Table[access.Action]) + ".";
            }
        });
    }
}
