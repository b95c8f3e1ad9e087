using System.Text;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Grpc.Envoy.Auth;
using EdgeGuard.Edge.Grpc.Envoy.Core;
using EdgeGuard.Edge.Grpc.Envoy.Type;
using EdgeGuard.Edge.Grpc.Rpc;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Proxy;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Grpc;

/// <summary><c>envoy.service.auth.v3.Authorization</c>: Envoy asks for each request before it forwards it.</summary>
internal sealed class AuthorizationService(
    EdgeOptions options, DecisionDoor door, HeaderHygiene hygiene, CheckRequests requests, RejectionWriter rejections, AdmittedHeaders admitted)
{
    public const string Path = "/envoy.service.auth.v3.Authorization/Check";

    // What a gateway is told by header at other doors, and what describes an answer that the client does not get.
    private readonly HashSet<string> _notForClients = new(StringComparer.OrdinalIgnoreCase)
    {
        rejections.DecisionHeader, admitted.DelayHeader, "Cache-Control", "Content-Length",
    };

    public async Task CheckAsync(HttpContext call)
    {
        var request = await GrpcCall.ReadAsync(call, CheckRequest.Parser);
        await using var told = requests.Read(call, request.Attributes, out var original);
        var decided = await door.DecideAsync(told.Context, original, deny: null, options.Throttle.HoldDecisions)
            ?? throw new GrpcException(GrpcStatus.Unavailable, "the caller has gone");
        await told.CompleteAsync();
        await GrpcCall.WriteAsync(call, Answer(told, decided));
    }

    private CheckResponse Answer(ToldRequest told, in DecidedRequest decided)
    {
        var answer = new CheckResponse { DynamicMetadata = DecisionMetadata.Of(decided) };
        if (!decided.Decision.IsAdmitted)
        {
            answer.Status = new Status { Code = (int)StatusOf(decided.Decision.Status) };
            answer.DeniedResponse = new DeniedHttpResponse
            {
                Status = new HttpStatus { Code = (StatusCode)decided.Decision.Status },
                Headers = { Headers(told, []) },
                Body = Encoding.UTF8.GetString(told.Answer),
            };
            return answer;
        }

        answer.Status = new Status { Code = (int)GrpcStatus.Ok };
        answer.OkResponse = new OkHttpResponse
        {
            Headers = { decided.Identity.Select(header => Option(header.Key, header.Value)) },
            HeadersToRemove = { Forged(told, decided.Snapshot, decided.Identity) },
            ResponseHeadersToAdd = { Headers(told, decided.Identity) },
        };
        return answer;
    }

    // Envoy removes after it has set, so what is set stands in no list of what is to be removed.
    private List<string> Forged(ToldRequest told, PolicySnapshot snapshot, KeyValuePair<string, string>[] identity)
    {
        var rules = hygiene.RulesOf(snapshot);
        var forged = new List<string>();
        foreach (var name in told.Headers.Keys)
        {
            var hyphened = HeaderRules.Hyphened(name);
            if ((rules.IsEdgesOwn(hyphened) || rules.IsTwin(hyphened, name)) && !identity.Any(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                forged.Add(name);
            }
        }

        return forged;
    }

    private IEnumerable<HeaderValueOption> Headers(ToldRequest told, KeyValuePair<string, string>[] identity) => told.Context.Response.Headers
        .Where(header => !_notForClients.Contains(header.Key) && !identity.Any(own => own.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase)))
        .SelectMany(header => header.Value.Select((value, index) => Option(header.Key, value ?? string.Empty, isFirst: index == 0)));

    private static HeaderValueOption Option(string name, string value, bool isFirst = true) => new()
    {
        Header = new HeaderValue { Key = name, Value = value },
        AppendAction = isFirst
            ? HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd
            : HeaderValueOption.Types.HeaderAppendAction.AppendIfExistsOrAdd,
    };

    private static GrpcStatus StatusOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => GrpcStatus.Unauthenticated,
        StatusCodes.Status429TooManyRequests => GrpcStatus.ResourceExhausted,
        StatusCodes.Status503ServiceUnavailable => GrpcStatus.Unavailable,
        _ => GrpcStatus.PermissionDenied,
    };
}
