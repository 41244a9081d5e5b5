--- Revocations that all workers share. A worker puts what is to be revoked into a queue; worker 0
-- adds it to the list, and the others take the list. So no two write it at once.
local followers = require "jot.nginx.follower"
local revocations = require "jot.revocations"

local M = {}

local Revoked = {}
Revoked.__index = Revoked

local QUEUE, LIST, VERSION = "jot:revoke", "jot:revoked", "jot:revoked:version"
local TICK, SYNC = 0.1, 0.25

function M.new(dict)
  return setmetatable({ dict = dict, list = revocations.new() }, Revoked)
end

function Revoked:shared()
  return ngx.shared[self.dict]
end

local REVOKE = {
  jti = "revoke_jti", session = "revoke_session", subject = "revoke_subject", key = "revoke_key",
}

--- Revokes in all workers, within half a second. Returns true, or nil and why not: the shared dict
-- is full.
function Revoked:push(kind, id, instant)
  assert(REVOKE[kind], "jot: what is to be revoked?")
  if type(id) ~= "string" or (instant ~= nil and type(instant) ~= "number") then
    error("jot: a string is wanted, and seconds since 1970", 3)
  end
  local line = kind .. " " .. (instant and ("%.0f"):format(instant) or "") .. " " .. id
  local count, why = self:shared():rpush(QUEUE, line)
  if not count then
    return nil, why
  end
  return true
end

-- Adds what is in the queue to the list, in worker 0.
function Revoked:step()
  local line = self:shared():lpop(QUEUE)
  if not line and not self.is_unsaved then
    return
  end
  while line do
    local kind, instant, id = line:match "^(%a+) (%-?%d*) (.*)$"
    local is_done, words = self.list[REVOKE[kind]](self.list, id, tonumber(instant))
    if not is_done then
      ngx.log(ngx.ERR, "jot: not revoked: ", words)
    end
    line = self:shared():lpop(QUEUE)
  end
  self.list:purge()
  self.verifier:set_revocations(self.list)
  local is_stored, why = self:shared():safe_set(LIST, assert(self.list:to_text()))
  self.is_unsaved = not is_stored
  if not is_stored then
    ngx.log(ngx.ERR, "jot: the shared dict ", self.dict, " is too small for the revocations, of which only ",
      "this worker knows: ", why)
    return
  end
  self.version = self:shared():incr(VERSION, 1, 0)
end

--- Takes the list that is in force, in this worker.
function Revoked:take()
  local version = self:shared():get(VERSION)
  if version == nil or version == self.version then
    return
  end
  local text = self:shared():get(LIST)
  local list, fault
  if text then
    list, fault = revocations.parse(text)
  end
  if not list then
    -- Who does not know what was revoked does not let in what may be.
    ngx.log(ngx.ERR, "jot: the revocations are not in the shared dict ", self.dict, " any more: ", tostring(fault))
    list = revocations.stale()
  end
  self.list = list
  self.verifier:set_revocations(list)
  self.version = version
end

--- Begins, in each worker.
function Revoked:start(verifier)
  self.verifier = verifier
  self:take()
  if ngx.worker.id() == 0 then
    followers.every(TICK, "revocations", function() self:step() end)
  else
    followers.every(SYNC, "revocations", function() self:take() end)
  end
end

return M
