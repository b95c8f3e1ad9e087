-- Asks the edge, and answers in its place when it refuses.

local edge = "unix@/run/edgeguard/decision.sock"
local patience = 5000 -- milliseconds

-- Headers that carry who calls, as the edge has verified it: the bundle's forward_headers.
local identity = { "x-user-id" }

-- What clients are told of refused requests, and where the frontend finds what to tell of admitted ones.
local refusal = {
    "x-edgeguard-reason", "x-edgeguard-decision-id", "retry-after", "www-authenticate", "dpop-nonce", "cache-control", "content-type",
    "ratelimit", "ratelimit-policy", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset",
}
local admitted = {
    ["x-edgeguard-decision-id"] = "txn.eg_id", ["x-edgeguard-warning"] = "txn.eg_warning",
    ["ratelimit"] = "txn.eg_ratelimit", ["ratelimit-policy"] = "txn.eg_ratelimit_policy", ["ratelimit-limit"] = "txn.eg_ratelimit_limit",
    ["ratelimit-remaining"] = "txn.eg_ratelimit_remaining", ["ratelimit-reset"] = "txn.eg_ratelimit_reset",
}

-- These describe the message between client and HAProxy, which is not the one to the edge.
local not_asked = { ["host"] = true, ["content-length"] = true, ["transfer-encoding"] = true, ["connection"] = true, ["expect"] = true, ["upgrade"] = true, ["te"] = true }

local function question(txn)
    local headers = {}
    for name, values in pairs(txn.http:req_get_headers()) do
        if not not_asked[name] then
            local list = {}
            for index = 0, #values do
                list[#list + 1] = values[index]
            end
            headers[name] = list
        end
    end
    headers["x-original-method"] = { txn.f:method() }
    headers["x-original-uri"] = { txn.f:pathq() }
    headers["x-original-host"] = { txn.f:req_fhdr("host") or "" }
    headers["x-forwarded-proto"] = { txn.f:ssl_fc() == 1 and "https" or "http" }
    -- Without this the client names itself, and the edge would take it for the caller.
    headers["user-agent"] = headers["user-agent"] or { "" }
    return headers
end

-- A body that does not tell its length is counted as it comes; the request ends where it is longer than the bound, and the application never gets it whole.
local largest = 10485760

local bound = { id = "edgeguard-bound", flags = filter.FLT_CFG_FL_HTX }
bound.__index = bound

function bound:new()
    return setmetatable({ seen = 0 }, bound)
end

function bound:http_headers(_, message)
    if not message.channel:is_resp() then
        filter.register_data_filter(self, message.channel)
    end
end

function bound:http_payload(txn, message)
    self.seen = self.seen + message:input()
    if self.seen > largest then
        txn:done()
    end
end

core.register_filter("edgeguard-bound", bound, function(configured) return configured end)

core.register_action("edgeguard", { "http-req" }, function(txn)
    local answer = core.httpclient():get({ url = "http://edgeguard/v1/decision", dst = edge, headers = question(txn), timeout = patience })
    local told = answer and answer.headers or {}
    local function first(name) return told[name] and told[name][0] end

    if answer and answer.status == 200 and first("x-edgeguard-decision") then
        for _, name in ipairs(identity) do
            if first(name) then txn.http:req_set_header(name, first(name)) end
        end
        for name, variable in pairs(admitted) do
            if first(name) then txn:set_var(variable, first(name)) end
        end
        return
    end

    -- No decision could be had: closed. To open instead, see docs/gateways/haproxy.md.
    local reply
    if answer and answer.status and first("x-edgeguard-reason") then
        reply = txn:reply({ status = answer.status })
        for _, name in ipairs(refusal) do
            if first(name) then reply:add_header(name, first(name)) end
        end
        reply:set_body(answer.body or "")
    else
        reply = txn:reply({ status = 503 })
        reply:add_header("content-type", "application/problem+json")
        reply:set_body('{"type":"about:blank","title":"No decision could be had","status":503}')
    end
    txn:done(reply)
end, 0)
