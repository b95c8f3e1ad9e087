-- What of Kong the shipped function uses, in plain nginx with Lua: Kong cannot be had here. From Kong 3.10.0: kong/pdk (request, response, service.request, client),
-- and lua-resty-http's request_uri.

local function case_free(map)
    local lower = {}
    for name, value in pairs(map) do
        lower[name:lower()] = value
    end
    return setmetatable(lower, { __index = function(self, name) return rawget(self, name:lower()) end })
end

kong = {
    request = {
        get_headers = function(most) return ngx.req.get_headers(most) end,
        get_header = function(name) return ngx.req.get_headers()[name] end,
        get_method = function() return ngx.req.get_method() end,
        get_scheme = function() return ngx.var.scheme end,
        get_raw_path = function() return (ngx.var.request_uri:gsub("%?.*", "")) end,
        get_raw_query = function() return ngx.var.args or "" end,
    },
    client = { get_ip = function() return ngx.var.remote_addr end },
    response = {
        set_header = function(name, value) ngx.header[name] = value end,
        exit = function(status, body, headers)
            assert(type(status) == "number" and status >= 100 and status <= 599 and type(body) == "string" and type(headers) == "table")
            ngx.status = status
            for name, value in pairs(headers) do
                ngx.header[name] = value
            end
            ngx.header["Content-Length"] = #body
            ngx.print(body)
            return ngx.exit(status)
        end,
    },
    service = { request = { set_header = ngx.req.set_header, clear_header = ngx.req.clear_header } },
}

local client = {}
client.__index = client

function client:set_timeout(milliseconds)
    self.timeout = milliseconds
end

function client:request_uri(uri, params)
    local host, port, path = uri:match("^http://([^:/]+):(%d+)(/.*)$")
    local socket = ngx.socket.tcp()
    socket:settimeout(self.timeout)
    local connected, failure = socket:connect(host, tonumber(port))
    if not connected then
        return nil, failure
    end
    local lines = { params.method .. " " .. path .. " HTTP/1.1", "Host: " .. host .. ":" .. port, "Connection: close" }
    for name, value in pairs(params.headers) do
        for _, one in ipairs(type(value) == "table" and value or { value }) do
            lines[#lines + 1] = name .. ": " .. one
        end
    end
    assert(socket:send(table.concat(lines, "\r\n") .. "\r\n\r\n"))
    local status = tonumber((socket:receive("*l") or ""):match("^HTTP/1%.1 (%d+)"))
    local headers = {}
    while true do
        local line = socket:receive("*l")
        if not line or line == "" then
            break
        end
        local name, value = line:match("^([^:]+):%s*(.*)$")
        headers[name] = value
    end
    headers = case_free(headers)
    local body = socket:receive(tonumber(headers["content-length"] or 0)) or ""
    socket:close()
    return { status = status, headers = headers, body = body }
end

package.preload["resty.http"] = function()
    return { new = function() return setmetatable({}, client) end }
end
