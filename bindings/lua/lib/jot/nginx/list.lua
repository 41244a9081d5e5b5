--- A list at a URL in nginx, an issuer's revocations or a Token Status List: worker 0 fetches it by a timer,
-- and the others take it from a shared dict, with its signature, which each verifies. Which request to
-- make and what an answer means, the engine's keeper decides.
local builder = require "jot.builder"
local followers = require "jot.nginx.follower"
local keepers = require "jot.list_keeper"
local native = require "jot.native"
local options = require "jot.options"
local places = require "jot.nginx.place"
local work = require "jot.nginx.work"

local M = {}

local List = {}
List.__index = List

-- After so many seconds verifiers are told again, because a list grows old without an answer.
local FEED = 1

-- The rule of the engine that says which lists count.
local RULES = { revocations = "revocation_list", status_list = "status_list" }

local KNOWN = { address = true, algorithms = true }
for name in pairs(keepers.known) do
  KNOWN[name] = true
end

-- The lists of this Lua state by their places, so that several guards share one.
local known_ones = {}

-- Tells apart what is followed, how, and by whose keys it is verified.
local function prefix_of(kind, url, given, keys)
  local names = {}
  for name, value in pairs(given) do
    if type(value) == "table" then
      value = table.concat(value, " ")
    end
    names[#names + 1] = name .. "=" .. tostring(value)
  end
  table.sort(names)
  local of = { keys.issuer or "" }
  if keys.follower then
    of[2] = keys.follower.place.prefix
  else
    for i = 1, keys.set:count() do
      of[#of + 1] = assert(keys.set:key(i)).thumbprint
    end
  end
  return ("jot:%s:%s:%s:%s:"):format(kind, url, table.concat(names, ","), table.concat(of, " "))
end

-- Returns the verifier of the lists.
local function judge(kind, algorithms, keys)
  local rules = { algorithms = algorithms, keys = keys.set, [RULES[kind]] = true }
  if kind == "revocations" then
    rules.issuer = keys.issuer
    if not keys.issuer then
      return nil, options.fault("issuer", "revocations are those of an issuer, which must be said")
    end
  else
    rules.any_issuer = true
  end
  return builder.verifier(rules)
end

--- Makes what follows the list at a URL, of the kind `revocations` or `status_list`, or returns what follows
-- the same. `given`: the options of `jot.list_keeper`, `algorithms` and `address`. `keys`: their `set`, the
-- `follower` that brings others, and the `issuer`.
function M.new(kind, url, given, keys, dict, folder)
  if type(url) ~= "string" then
    return nil, options.fault(kind, "a string is wanted, not a " .. type(url))
  end
  local is_known, fault = options.known(given, KNOWN)
  if not is_known then
    return nil, fault
  end
  local prefix = prefix_of(kind, url, given, keys)
  if known_ones[dict .. prefix] then
    return known_ones[dict .. prefix]
  end
  local address, judges
  address, fault = options.text(given, "address")
  if fault then
    return nil, fault
  end
  judges, fault = judge(kind, given.algorithms, keys)
  if not judges then
    return nil, fault
  end
  local of_keeper = {}
  for name in pairs(keepers.known) do
    of_keeper[name] = given[name]
  end
  local keeper
  keeper, fault = keepers[kind](url, judges, of_keeper)
  if not keeper then
    return nil, fault
  end
  local made = setmetatable({
    kind = kind, keeper = keeper, judges = judges, keys = keys, address = address, what = url,
    place = places.new(dict, prefix, url, folder), fed = {}, fed_at = 0,
  }, List)
  made:restore(made.place:kept())
  known_ones[dict .. prefix] = made
  return made
end

-- Goes on with what was saved. Returns false if the key that it was signed with may still come.
function List:restore(saved)
  if not saved or saved == "" then
    return true
  end
  local is_done, words, fault = self.keeper:restore(saved)
  if is_done then
    return true
  elseif self.keys.follower and followers.may_help(fault.code) then
    return false
  end
  self.place:say(words)
  return true
end

-- Tells the verifiers what they are to have now.
function List:feed()
  for _, verifier in ipairs(self.fed) do
    local is_done, words = self.keeper:feed(verifier)
    if not is_done then
      self.place:say(words)
    end
  end
  self.fed_at = ngx.now()
end

--- Takes the list that is in force now, in this worker.
function List:take()
  local version = self.place:look "version"
  if version ~= self.version then
    -- The keeper of worker 0 is where it comes from.
    if self.drives or self:restore(self.place:look "saved") then
      self.version = version
    end
    self:feed()
  elseif ngx.now() - self.fed_at >= FEED then
    self:feed()
  end
end

-- Tells the other workers how a fetch ended.
function List:publish(change, fault)
  if change == "list" or change == "confirmed" then
    self.place:save(assert(self.keeper:save()))
  end
  local follower = self.keys.follower
  if fault and follower and followers.may_help(fault.code) then
    -- Its key may have been published a moment ago. It is there before the next fetch.
    follower.keeper:unknown_kid()
  end
  self.place:count "version"
  self:take()
end

function List:tick()
  local follower = self.keys.follower
  -- A list that cannot be verified need not be fetched.
  if follower and follower:health().keys == 0 then
    return
  end
  work.fetch(self, self.keeper, self.address, function() return self.keeper:health().entries .. " entries" end,
    function(change, fault) self:publish(change, fault) end)
end

--- Begins to follow for a verifier, in each worker: in init_worker_by_lua.
function List:start(verifier)
  self.fed[#self.fed + 1] = verifier
  if #self.fed > 1 then
    self:feed()
    return
  end
  if self.keys.follower then
    self.keys.follower:start(self.judges, self.kind == "revocations" and self.keys.issuer or nil)
  end
  -- What worker 0 of before a reload, or one that ended, had.
  self:take()
  self:feed()
  if ngx.worker.id() == 0 then
    self.drives = true
    self.keeper:reseed(work.seed())
    work.every(work.TICK, self.what, function() self:tick() end)
  end
  work.every(work.SYNC, self.what, function() self:take() end)
end

local HELPED = {
  revocations = native.codes.revocations_not_yet, status_list = native.codes.status_list_not_yet,
}

--- Tells whether the first answer may help a token that was rejected with this code.
function List:may_help(code)
  return code == HELPED[self.kind]
end

--- Waits for the first answer. Returns true if the token can be looked at again.
function List:await(seconds)
  local before, ends = self.version, ngx.now() + seconds
  while self.place:look "version" == nil and ngx.now() < ends do
    ngx.sleep(0.02)
  end
  self:take()
  return self.version ~= before
end

--- Describes how the list does in this worker; only worker 0 knows of fetches.
function List:health()
  return self.keeper:health()
end

return M
