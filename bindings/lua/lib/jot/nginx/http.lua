--- One GET request over a cosocket: no redirects, bounds on everything, one time for the whole.
local M = {}

local LONGEST_LINE = 8192
local MOST_FIELDS = 64

--- Splits an absolute URL, which the engine has already judged.
function M.split(url)
  local scheme, authority, path = url:match "^(https?)://([^/?]+)(.*)$"
  if not scheme then
    return nil
  end
  local host, port = authority:match "^(.-):?(%d*)$"
  if authority:sub(1, 1) == "[" then
    host, port = authority:match "^(%[[^%]]*%]):?(%d*)$"
  end
  if not host or host == "" then
    return nil
  end
  if path:sub(1, 1) ~= "/" then
    path = "/" .. path
  end
  local is_secure = scheme == "https"
  return {
    is_secure = is_secure, host = host, authority = authority, path = path,
    port = port ~= "" and tonumber(port) or (is_secure and 443 or 80),
  }
end

-- A connection whose every step is given only what is left of the time.
local Connection = {}
Connection.__index = Connection

function Connection:left()
  ngx.update_time()
  local left = self.ends - ngx.now()
  if left <= 0 then
    return nil, "timeout"
  end
  -- 0 would be nginx's default, which is a minute.
  local milliseconds = math.max(1, math.floor(left * 1000))
  self.socket:settimeouts(milliseconds, milliseconds, milliseconds)
  return true
end

for _, name in ipairs { "connect", "sslhandshake", "send", "receive" } do
  Connection[name] = function(self, ...)
    local is_left, why = self:left()
    if not is_left then
      return nil, why
    end
    return self.socket[name](self.socket, ...)
  end
end

-- Reads a line, without its end. One that is longer than it may be is an error: otherwise a
-- server that never ends its line would fill the memory.
function Connection:line()
  if not self.until_newline then
    self.until_newline = self.socket:receiveuntil "\n"
  end
  local parts, length = {}, 0
  while true do
    local is_left, why = self:left()
    if not is_left then
      return nil, why
    end
    local part, fault = self.until_newline(1024)
    if fault then
      return nil, fault
    end
    if not part then
      return (table.concat(parts):gsub("\r$", ""))
    end
    length = length + #part
    if length > LONGEST_LINE then
      return nil, "a line is too long"
    end
    parts[#parts + 1] = part
  end
end

local function header(connection)
  local status_line, why = connection:line()
  if not status_line then
    return nil, why
  end
  local status = tonumber(status_line:match "^HTTP/1%.%d (%d%d%d)")
  if not status then
    return nil, "no status line of HTTP/1"
  end
  local fields, named = {}, {}
  while true do
    local line
    line, why = connection:line()
    if not line then
      return nil, why
    end
    if line == "" then
      return status, fields, named
    end
    local name, value = line:match "^([^%s:]+):[ \t]*(.-)[ \t]*$"
    if not name or #fields >= MOST_FIELDS then
      return nil, "the header fields are malformed, or too many"
    end
    fields[#fields + 1] = { name, value }
    name = name:lower()
    if named[name] and (name == "content-length" or name == "transfer-encoding") then
      return nil, name .. " is repeated"
    end
    named[name] = value
  end
end

-- Reads exactly so many bytes.
local function exactly(connection, count)
  if count == 0 then
    return ""
  end
  return connection:receive(count)
end

local function chunked(connection, most)
  local parts, length = {}, 0
  while true do
    local line, why = connection:line()
    if not line then
      return nil, why
    end
    local digits = line:match "^(%x+)[ \t]*$" or line:match "^(%x+)[ \t]*;"
    if not digits or #digits > 8 then
      return nil, "a chunk is malformed"
    end
    local size = tonumber(digits, 16)
    if size == 0 then
      return table.concat(parts)
    end
    local part
    part, why = exactly(connection, math.min(size, most - length))
    if not part then
      return nil, why
    end
    parts[#parts + 1], length = part, length + #part
    if length >= most then
      return table.concat(parts)
    end
    line, why = connection:line()
    if line ~= "" then
      return nil, why or "a chunk is malformed"
    end
  end
end

local function to_the_end(connection, most)
  local parts, length = {}, 0
  while length < most do
    local part, why, partial = connection:receive(math.min(8192, most - length))
    part = part or partial
    if part and part ~= "" then
      parts[#parts + 1], length = part, length + #part
    end
    if why == "closed" then
      break
    elseif why then
      return nil, why
    end
  end
  return table.concat(parts)
end

local function body(connection, status, named, most)
  if status == 204 or status == 304 then
    return ""
  end
  local coding = (named["content-encoding"] or "identity"):lower()
  if coding ~= "identity" then
    return nil, "the content is encoded, which was not asked for: " .. coding
  end
  local transfer = named["transfer-encoding"]
  if transfer then
    if transfer:lower() ~= "chunked" or named["content-length"] then
      return nil, "the transfer coding is not understood"
    end
    return chunked(connection, most)
  end
  local length = named["content-length"]
  if not length then
    return to_the_end(connection, most)
  end
  if not length:find "^%d+$" or #length > 12 then
    return nil, "content-length is no number"
  end
  return exactly(connection, math.min(tonumber(length), most))
end

local function exchange(connection, at, request, settings)
  local is_done, why = connection:connect(settings.address or at.host, at.port)
  if not is_done then
    return nil, why
  end
  if at.is_secure then
    is_done, why = connection:sslhandshake(nil, at.host, true)
    if not is_done then
      return nil, why
    end
  end
  local lines = { "GET " .. at.path .. " HTTP/1.1", "Host: " .. at.authority, "User-Agent: libjot",
    "Accept-Encoding: identity", "Connection: close" }
  for name, value in pairs(request.headers) do
    if not value:find "[%c]" then
      lines[#lines + 1] = name .. ": " .. value
    end
  end
  is_done, why = connection:send(table.concat(lines, "\r\n") .. "\r\n\r\n")
  if not is_done then
    return nil, why
  end
  local status, fields, named
  repeat
    status, fields, named = header(connection)
    if not status then
      return nil, fields
    end
    -- 100 and 103 come before the response.
  until status >= 200
  local content
  -- One byte more than may be tells the keeper that it is too long.
  content, why = body(connection, status, named, request.most_bytes + 1)
  if not content then
    return nil, why
  end
  return { outcome = "replied", status = status, fields = fields, body = content }
end

--- Makes a request of a keeper's, and returns its reply, and in words why there is none.
-- `settings.address` is connected to in the place of looking up the host.
function M.get(request, settings)
  local at = M.split(request.url)
  if not at then
    return { outcome = "failed" }, "the URL is not understood"
  end
  ngx.update_time()
  local connection = setmetatable({ socket = ngx.socket.tcp(), ends = ngx.now() + request.timeout }, Connection)
  local reply, why = exchange(connection, at, request, settings)
  connection.socket:close()
  if reply then
    return reply
  end
  return { outcome = why == "timeout" and "timed_out" or "failed" }, why
end

return M
