using EdgeGuard.Edge.Grpc.Reflection;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EdgeGuard.Edge.Grpc;

/// <summary><c>grpc.reflection.v1.ServerReflection</c>, so that tools such as grpcurl can tell what is served here. Tells public definitions only.</summary>
internal sealed class ReflectionService(TimeProvider time, IHostApplicationLifetime lifetime)
{
    public const string Path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    public const string AlphaPath = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

    /// <summary>Longest that a caller may go on asking, and most questions: a person's tool needs seconds and a handful.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private const int MaxQuestions = 1000;

    public async Task AnswerAsync(HttpContext context)
    {
        // Between two questions a person's tool sends nothing, which is not slow.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        using var patience = new CancellationTokenSource(Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, lifetime.ApplicationStopping, context.RequestAborted);
        try
        {
            for (var question = 0; question < MaxQuestions; question++)
            {
                if (await GrpcMessages.ReadAsync(context.Request.BodyReader, ServerReflectionRequest.Parser, end.Token) is not { } request)
                {
                    return;
                }

                GrpcMessages.Write(context.Response.BodyWriter, Answer(request));
                await context.Response.BodyWriter.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatus.DeadlineExceeded, "this has taken too long");
        }
    }

    private static ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var answer = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                answer.ListServicesResponse = new ListServiceResponse
                {
                    Service = { GrpcServices.Names.Order(StringComparer.Ordinal).Select(name => new ServiceResponse { Name = name }) },
                };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Tell(answer, GrpcServices.File(request.FileByFilename));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Tell(answer, GrpcServices.FileOf(request.FileContainingSymbol));
                break;
            default:
                // Nothing here has extensions.
                Tell(answer, null);
                break;
        }

        return answer;
    }

    private static void Tell(ServerReflectionResponse answer, IEnumerable<ByteString>? files)
    {
        if (files is null)
        {
            answer.ErrorResponse = new ErrorResponse { ErrorCode = (int)GrpcStatus.NotFound, ErrorMessage = "not known here" };
        }
        else
        {
            answer.FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { files } };
        }
    }
}
