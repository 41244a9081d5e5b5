--- Keys behind a URL in nginx: worker 0 fetches them by a timer, and the others take them from a
-- shared dict. Which request to make and what an answer means, the engine's keeper decides.
local http = require "jot.nginx.http"
local keepers = require "jot.keeper"
local native = require "jot.native"
local options = require "jot.options"

local M = {}

local Follower = {}
Follower.__index = Follower

-- How often worker 0 looks whether there is something to do, and how often the others look for
-- what it brought, in seconds. Both are a few look-ups in the shared dict.
local TICK, SYNC = 0.1, 0.25
-- How long "no fetch is made for this" is told to other workers without asking the keeper again.
local CALM = 1

local KINDS = { "url", "discover", "authorization_server" }
local KNOWN = { issuer = true, address = true }
for _, name in ipairs(KINDS) do
  KNOWN[name] = true
end
for name in pairs(keepers.known) do
  KNOWN[name] = true
end

-- The followers of this Lua state by what they follow and how, so that several guards over the same
-- keys share one. Each prefix in the shared dict is that of one follower.
local known_ones = {}

-- Tells apart what is followed, and how.
local function prefix_of(kind, what, given)
  local names = {}
  for name, value in pairs(given) do
    if type(value) == "table" then
      value = table.concat(value, " ")
    end
    names[#names + 1] = name .. "=" .. tostring(value)
  end
  table.sort(names)
  return ("jot:%s:%s:%s:"):format(kind, what, table.concat(names, ","))
end

--- Makes a follower, or returns the one that follows the same. `given`: `url` of the keys, with `issuer`; or `discover` or
-- `authorization_server`, which is the issuer; `address`, to which to connect in the place of
-- looking up the host; the options of `jot.keeper`. `dict` is the name of a shared dict. The second
-- result is the issuer.
function M.new(given, dict)
  local is_known, fault = options.known(given, KNOWN)
  if not is_known then
    return nil, fault
  end
  local kind
  for _, name in ipairs(KINDS) do
    if given[name] ~= nil then
      if kind then
        return nil, options.fault(name, "it cannot be combined with " .. kind)
      end
      kind = name
    end
  end
  if not kind then
    return nil, options.fault("follow", "url, discover or authorization_server is not there")
  end
  for _, name in ipairs { "issuer", kind } do
    local _, why = options.text(given, name)
    if why then
      return nil, why
    end
  end
  local issuer = given.issuer or (kind ~= "url" and given[kind] or nil)
  local of_keeper = {}
  for name in pairs(keepers.known) do
    of_keeper[name] = given[name]
  end
  local address
  address, fault = options.text(given, "address")
  if fault then
    return nil, fault
  end
  of_keeper.address = address
  local prefix = prefix_of(kind, given[kind], of_keeper)
  if known_ones[dict .. prefix] then
    return known_ones[dict .. prefix], issuer
  end
  of_keeper.address = nil
  local keeper
  keeper, fault = keepers[kind == "discover" and "issuer" or kind](given[kind], of_keeper)
  if not keeper then
    return nil, fault
  end
  local made = setmetatable({
    keeper = keeper, dict = dict, address = address, what = given[kind], prefix = prefix, fed = {},
  }, Follower)
  known_ones[dict .. prefix] = made
  return made, issuer
end

function Follower:shared()
  return ngx.shared[self.dict]
end

-- Stores for all workers, and says so where it could not. Nothing of others is thrown out for it.
function Follower:put(name, value, seconds)
  local is_stored, why = self:shared():safe_set(self.prefix .. name, value, seconds or 0)
  if not is_stored then
    ngx.log(ngx.ERR, "jot: ", self.what, ": the shared dict ", self.dict, " is too small: ", why)
  end
end

function Follower:count(name)
  self:shared():incr(self.prefix .. name, 1, 0)
end

function Follower:look(name)
  return self:shared():get(self.prefix .. name)
end

--- Takes the keys that are in force now, in this worker.
function Follower:take()
  local version = self:look "version"
  if version ~= self.version then
    local saved = self:look "saved"
    -- The keeper of worker 0 is where it comes from.
    if saved and not self.drives then
      local is_done, words = self.keeper:restore(saved)
      if not is_done then
        ngx.log(ngx.ERR, "jot: ", self.what, ": ", words)
      end
    end
    self.version = version
  end
  local keys = self.keeper:keys()
  for _, row in ipairs(self.fed) do
    local is_done, words = row.verifier:replace_keys(keys, row.issuer)
    if not is_done then
      ngx.log(ngx.ERR, "jot: ", self.what, ": ", words)
    end
  end
end

-- Tells the other workers how a fetch ended.
function Follower:publish(change, fault)
  if change == "keys" or change == "confirmed" then
    self:put("saved", assert(self.keeper:save()))
  end
  self:put("fault", fault and fault.code or 0)
  self:count "version"
  self:count "answers"
  self:take()
end

-- How many fetches ended, or were refused.
function Follower:answers()
  return self:look "answers" or 0
end

-- Asks the keeper on behalf of tokens that wait, also while a request is under way, whose answer
-- may be theirs.
function Follower:listen()
  local asked = self:look "wanted"
  if asked then
    self:shared():delete(self.prefix .. "wanted")
    -- Who asked before the last answer has been woken by it.
    if asked == self:answers() and not self.keeper:unknown_kid() then
      self:put("calm", true, CALM)
      self:count "answers"
    end
  end
end

-- Makes the requests that are due.
function Follower:fetch()
  local request = self.keeper:poll()
  while request do
    local reply, why = http.get(request, { address = self.address })
    local change, words, fault = self.keeper:answer(request.ticket, reply)
    if fault then
      ngx.log(ngx.WARN, "jot: ", request.url, ": ", words, why and ": " .. why or "")
    elseif change == "keys" then
      ngx.log(ngx.NOTICE, "jot: ", request.url, ": ", self.keeper:health().keys, " keys")
    end
    if change ~= "elsewhere" then
      self:publish(change, fault)
    end
    request = self.keeper:poll()
  end
end

-- Calls a function every so many seconds, until nginx ends. A fault is said, and ends nothing.
local function every(seconds, what, work)
  local is_started, why = ngx.timer.every(seconds, function(is_ending)
    if is_ending then
      return
    end
    local is_done, why_not = pcall(work)
    if not is_done then
      ngx.log(ngx.ERR, "jot: ", what, ": ", tostring(why_not))
    end
  end)
  if not is_started then
    ngx.log(ngx.ERR, "jot: ", what, ": no timer: ", why)
  end
end
M.every = every

function Follower:tick()
  self:listen()
  if self.is_fetching then
    return
  end
  self.is_fetching = true
  local is_done, fault = pcall(self.fetch, self)
  self.is_fetching = false
  if not is_done then
    error(fault, 0)
  end
end

--- Begins to follow for a verifier, in each worker: in init_worker_by_lua.
function Follower:start(verifier, issuer)
  self.fed[#self.fed + 1] = { verifier = verifier, issuer = issuer }
  if #self.fed > 1 then
    self:take()
    return
  end
  -- What worker 0 of before a reload, or one that ended, had.
  self:take()
  if ngx.worker.id() == 0 then
    self.drives = true
    self.keeper:reseed(math.floor(ngx.now() * 1000) + ngx.worker.pid())
    every(TICK, self.what, function() self:tick() end)
  end
  every(SYNC, self.what, function() self:take() end)
end

local HELPED = { [native.codes.kid_unknown] = true, [native.codes.keys_not_yet] = true,
  [native.codes.keys_stale] = true }

--- Tells whether a fetch may help a token that was rejected with this code.
function M.may_help(code)
  return HELPED[code] == true
end

--- Waits for the end of a fetch that a token needs. Returns true if the token can be looked at
-- again, and the code of what was wrong with the fetch, if anything was; or false, if none is made.
function Follower:await(seconds)
  if self:look "version" ~= self.version then
    -- Another worker has brought what this one has not taken yet.
    self:take()
    return true
  end
  if self:look "calm" then
    return false
  end
  local before = self:answers()
  self:put("wanted", before)
  local ends = ngx.now() + seconds
  while ngx.now() < ends do
    ngx.sleep(0.02)
    if self:answers() ~= before then
      self:take()
      local fault = self:look "fault"
      -- Of a fetch that was not made for this token, nothing is to be told.
      return true, fault ~= 0 and not self:look "calm" and fault or nil
    end
  end
  return true, native.codes.fetch_timeout
end

--- Describes how the keys do in this worker; only worker 0 knows of fetches.
function Follower:health()
  return self.keeper:health()
end

return M
