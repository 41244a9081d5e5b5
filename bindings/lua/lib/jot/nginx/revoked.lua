--- Revocations that all workers share. A worker puts what is to be revoked into a queue; worker 0
-- adds it to the list, and the others take the list. So no two write it at once.
local places = require "jot.nginx.place"
local revocations = require "jot.revocations"
local work = require "jot.nginx.work"

local M = {}

local Revoked = {}
Revoked.__index = Revoked

local QUEUE, PREFIX = "jot:revoke", "jot:revoked:"

function M.new(dict, folder)
  local made = setmetatable({ place = places.new(dict, PREFIX, "revocations", folder) }, Revoked)
  local kept = made.place:kept()
  made.is_kept = kept ~= nil
  made.list = made.is_kept and made:parsed(kept) or revocations.new()
  return made
end

-- Reads a list. Who does not know what was revoked does not let in what may be.
function Revoked:parsed(text)
  local list, fault
  if text then
    list, fault = revocations.parse(text)
    if not list then
      self.place:say(tostring(fault))
    end
  end
  return list or revocations.stale()
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
  local count, why = self.place:shared():rpush(QUEUE, line)
  if not count then
    return nil, why
  end
  return true
end

-- Adds what is in the queue to the list, in worker 0.
function Revoked:step()
  -- Worker 0 of before a reload, or of another guard, may have added some.
  self:take()
  local shared = self.place:shared()
  local line = shared:lpop(QUEUE)
  if not line and not self.is_unsaved then
    return
  end
  while line do
    local kind, instant, id = line:match "^(%a+) (%-?%d*) (.*)$"
    local is_done, words = self.list[REVOKE[kind]](self.list, id, tonumber(instant))
    if not is_done then
      self.place:say("not revoked: ", words)
    end
    line = shared:lpop(QUEUE)
  end
  self.list:purge()
  self.verifier:set_revocations(self.list)
  self.is_unsaved = not self.place:save(assert(self.list:to_text()))
  if self.is_unsaved then
    self.place:say "only this worker knows of the last ones"
    return
  end
  self.version = self.place:count "version"
end

--- Takes the list that is in force, in this worker.
function Revoked:take()
  local version = self.place:look "version"
  if version == nil or version == self.version then
    return
  end
  local text = self.place:look "saved"
  if not text then
    self.place:say("they are not in the shared dict ", self.place.dict, " any more")
  end
  self.list = self:parsed(text)
  self.verifier:set_revocations(self.list)
  self.version = version
end

--- Begins, in each worker.
function Revoked:start(verifier)
  self.verifier = verifier
  if self.is_kept then
    verifier:set_revocations(self.list)
  end
  self:take()
  if ngx.worker.id() == 0 then
    work.every(work.TICK, "revocations", function() self:step() end)
  else
    work.every(work.SYNC, "revocations", function() self:take() end)
  end
end

return M
