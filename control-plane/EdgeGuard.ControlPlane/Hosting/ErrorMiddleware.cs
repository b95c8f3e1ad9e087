using EdgeGuard.ControlPlane.Data;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Outermost: turns whatever went wrong into a problem document. A client never sees an exception's text.</summary>
internal sealed class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            await DescribeAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            await AnswerBadRequestAsync(http, error.StatusCode);
        }
        catch (Exception error) when (StorageErrors.IsUnavailable(error) && !http.Response.HasStarted)
        {
            ControlPlaneLog.StorageUnavailable(log, error);
            http.Response.Headers.RetryAfter = "2";
            await Problems.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, ControlPlaneCodes.StorageUnavailable,
                "Storage unavailable", "The database did not answer in time. Try again.");
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            ControlPlaneLog.RequestFailed(log, http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none", error);
            await Problems.WriteAsync(http, StatusCodes.Status500InternalServerError, ControlPlaneCodes.Internal, "Internal error",
                "The control plane made a mistake; its log has the details.");
        }
        catch (Exception error)
        {
            // The response is under way: all that is left is to cut it, so that nobody takes it for whole.
            ControlPlaneLog.RequestFailed(log, http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none", error);
            http.Abort();
        }
    }

    // Routing and the binding of query parameters answer with a status and nothing else.
    private static async Task DescribeAsync(HttpContext http)
    {
        if (http.Response.HasStarted || http.Response.ContentType is not null)
        {
            return;
        }

        switch (http.Response.StatusCode)
        {
            case StatusCodes.Status400BadRequest:
                await Problems.WriteAsync(http, 400, ControlPlaneCodes.RequestInvalid, "Request invalid", "A parameter of the address has another type than expected.");
                break;
            case StatusCodes.Status404NotFound:
                await Problems.WriteAsync(http, 404, ControlPlaneCodes.NotFound, "Not found", "There is nothing at this address.");
                break;
            case StatusCodes.Status405MethodNotAllowed:
                await Problems.WriteAsync(http, 405, ControlPlaneCodes.MethodNotAllowed, "Method not allowed", "Allowed: " + http.Response.Headers.Allow);
                break;
            case StatusCodes.Status415UnsupportedMediaType:
                await Problems.WriteAsync(http, 415, ControlPlaneCodes.MediaTypeUnsupported, "Media type not supported", null);
                break;
            default:
                break;
        }
    }

    private static async Task AnswerBadRequestAsync(HttpContext http, int status)
    {
        if (status == StatusCodes.Status413PayloadTooLarge)
        {
            await Problems.WriteAsync(http, status, ControlPlaneCodes.BodyTooLarge, "Body too large", "The request body is larger than this endpoint takes.");
            return;
        }

        await Problems.WriteAsync(http, status, ControlPlaneCodes.RequestInvalid, "Request invalid", "The request could not be read.");
    }
}
