--- Keys behind a URL in nginx: worker 0 fetches them by a timer, and the others take them from a
-- shared dict. Which request to make and what an answer means, the engine's keeper decides.
local keepers = require "jot.keeper"
local native = require "jot.native"
local options = require "jot.options"
local places = require "jot.nginx.place"
local work = require "jot.nginx.work"

local M = {}

local Follower = {}
Follower.__index = Follower

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

--- Makes a follower, or returns the one that follows the same. `given`: `url` of the keys, with
-- `issuer`; or `discover` or `authorization_server`, which is the issuer; `address`, to which to connect
-- in the place of looking up the host; the options of `jot.keeper`. `dict` is the name of a shared
-- dict, and `folder` is for the next start. The second result is the issuer.
function M.new(given, dict, folder)
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
    keeper = keeper, address = address, what = given[kind], fed = {},
    place = places.new(dict, prefix, given[kind], folder),
  }, Follower)
  made:restore(made.place:kept())
  known_ones[dict .. prefix] = made
  return made, issuer
end

-- Goes on with what was saved, if anything was.
function Follower:restore(saved)
  local is_done, words = true, nil
  if saved then
    is_done, words = self.keeper:restore(saved)
  end
  if not is_done then
    self.place:say(words)
  end
end

--- Takes the keys that are in force now, in this worker.
function Follower:take()
  local version = self.place:look "version"
  if version ~= self.version then
    -- The keeper of worker 0 is where it comes from.
    if not self.drives then
      self:restore(self.place:look "saved")
    end
    self.version = version
  end
  local keys = self.keeper:keys()
  for _, row in ipairs(self.fed) do
    local is_done, words = row.verifier:replace_keys(keys, row.issuer)
    if not is_done then
      self.place:say(words)
    end
  end
end

-- Tells the other workers how a fetch ended.
function Follower:publish(change, fault)
  if change == "keys" or change == "confirmed" then
    self.place:save(assert(self.keeper:save()))
  end
  self.place:put("fault", fault and fault.code or 0)
  self.place:count "version"
  self.place:count "answers"
  self:take()
end

-- How many fetches ended, or were refused.
function Follower:answers()
  return self.place:look "answers" or 0
end

-- Asks the keeper on behalf of tokens that wait, also while a request is under way, whose answer
-- may be theirs.
function Follower:listen()
  local asked = self.place:look "wanted"
  if asked then
    self.place:drop "wanted"
    -- Who asked before the last answer has been woken by it.
    if asked == self:answers() and not self.keeper:unknown_kid() then
      self.place:put("calm", true, CALM)
      self.place:count "answers"
    end
  end
end

function Follower:tick()
  self:listen()
  work.fetch(self, self.keeper, self.address, function() return self.keeper:health().keys .. " keys" end,
    function(change, fault) self:publish(change, fault) end)
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
    self.keeper:reseed(work.seed())
    work.every(work.TICK, self.what, function() self:tick() end)
  end
  work.every(work.SYNC, self.what, function() self:take() end)
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
  if self.place:look "version" ~= self.version then
    -- Another worker has brought what this one has not taken yet.
    self:take()
    return true
  end
  if self.place:look "calm" then
    return false
  end
  local before = self:answers()
  self.place:put("wanted", before)
  local ends = ngx.now() + seconds
  while ngx.now() < ends do
    ngx.sleep(0.02)
    if self:answers() ~= before then
      self:take()
      local fault = self.place:look "fault"
      -- Of a fetch that was not made for this token, nothing is to be told.
      return true, fault ~= 0 and not self.place:look "calm" and fault or nil
    end
  end
  return true, native.codes.fetch_timeout
end

--- Describes how the keys do in this worker; only worker 0 knows of fetches.
function Follower:health()
  return self.keeper:health()
end

return M
