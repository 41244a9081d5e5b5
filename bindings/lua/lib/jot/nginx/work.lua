--- What the workers of nginx do beside requests: timers, and the requests of keepers.
local http = require "jot.nginx.http"

local M = {}

--- How often worker 0 looks whether there is something to do, and how often the others look for
-- what it brought, in seconds. Both are a few look-ups in the shared dict.
M.TICK, M.SYNC = 0.1, 0.25

--- Calls a function every so many seconds, until nginx ends. A fault is said, and ends nothing.
function M.every(seconds, what, call)
  local is_started, why = ngx.timer.every(seconds, function(is_ending)
    if is_ending then
      return
    end
    local is_done, why_not = pcall(call)
    if not is_done then
      ngx.log(ngx.ERR, "jot: ", what, ": ", tostring(why_not))
    end
  end)
  if not is_started then
    ngx.log(ngx.ERR, "jot: ", what, ": no timer: ", why)
  end
end

--- Returns a number that differs between processes.
function M.seed()
  return math.floor(ngx.now() * 1000) + ngx.worker.pid()
end

local function fetch(keeper, address, news, ended)
  local request = keeper:poll()
  while request do
    local reply, why = http.get(request, { address = address })
    local change, words, fault = keeper:answer(request.ticket, reply)
    if fault then
      ngx.log(ngx.WARN, "jot: ", request.url, ": ", words, why and ": " .. why or "")
    elseif change == "keys" or change == "list" then
      ngx.log(ngx.NOTICE, "jot: ", request.url, ": ", news())
    end
    if change ~= "elsewhere" then
      ended(change, fault)
    end
    request = keeper:poll()
  end
end

--- Makes the requests of a keeper that are due, one after the other, unless they are being made already.
-- `one` remembers that. `news` says in words what is new, and `ended` is told of each end.
function M.fetch(one, keeper, address, news, ended)
  if one.is_fetching then
    return
  end
  one.is_fetching = true
  local is_done, fault = pcall(fetch, keeper, address, news, ended)
  one.is_fetching = false
  if not is_done then
    error(fault, 0)
  end
end

return M
