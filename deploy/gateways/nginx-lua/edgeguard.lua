-- Asks the edge, and answers in its place when it refuses. Run in the access phase.

-- Headers that carry who calls, as the edge has verified it: the bundle's forward_headers. A client's own never get through.
local identity = { "X-User-Id" }

-- Headers that only nginx and the edge may set towards the application.
local reserved = { "X-Original-Method", "X-Original-URI", "X-Original-Host", "X-EdgeGuard-Decision" }

-- What clients are told, of refused and of admitted requests.
local refusal = {
    "X-EdgeGuard-Reason", "X-EdgeGuard-Decision-Id", "Retry-After", "WWW-Authenticate", "DPoP-Nonce", "Cache-Control", "Content-Type",
    "RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
}
local admitted = {
    "X-EdgeGuard-Decision-Id", "X-EdgeGuard-Warning",
    "RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
}

ngx.req.read_body()
local answer = ngx.location.capture("/_edgeguard", {
    args = { method = ngx.req.get_method() },
    always_forward_body = true,
})

-- Names of header fields have no case, but names in this table have.
local header = {}
for name, value in pairs(answer.header) do
    header[name:lower()] = value
end

if answer.status == 200 and header["x-edgeguard-decision"] then
    for _, name in ipairs(reserved) do
        ngx.req.clear_header(name)
    end
    for _, name in ipairs(identity) do
        if header[name:lower()] then
            ngx.req.set_header(name, header[name:lower()])
        else
            ngx.req.clear_header(name)
        end
    end
    local told = {}
    for _, name in ipairs(admitted) do
        told[name] = header[name:lower()]
    end
    ngx.ctx.edgeguard = told
    return
end

-- No decision could be had: closed. To open instead, see docs/gateways/nginx.md.
if not header["x-edgeguard-reason"] then
    ngx.status = 503
    ngx.header["Content-Type"] = "application/problem+json"
    ngx.say('{"type":"about:blank","title":"No decision could be had","status":503}')
    return ngx.exit(503)
end

ngx.status = answer.status
for _, name in ipairs(refusal) do
    if header[name:lower()] then
        ngx.header[name] = header[name:lower()]
    end
end
ngx.print(answer.body)
return ngx.exit(answer.status)
