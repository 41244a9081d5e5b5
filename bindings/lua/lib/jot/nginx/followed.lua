--- Reads out of a guard's options what it follows: the keys of issuers, and the lists that these sign.
local key_sets = require "jot.keys"
local followers = require "jot.nginx.follower"
local lists = require "jot.nginx.list"
local options = require "jot.options"

local M = {}

--- The options that are read here.
M.known = {
  discover = true, jwks_url = true, follow = true, address = true, dict = true, wait = true, keeper = true,
  revocations = true, status_lists = true, list = true, state = true,
}

-- The options of what an issuer signs beside tokens, which no follower of keys knows.
local OF_LISTS = { "revocations", "status_lists", "list" }

-- Returns a copy of a row, to which the algorithms can be added.
local function copied(row)
  local copy = {}
  for name, value in pairs(row) do
    copy[name] = value
  end
  return copy
end

local function checked(given)
  for _, name in ipairs { "follow", "keeper", "list" } do
    if given[name] ~= nil and type(given[name]) ~= "table" then
      return nil, options.fault(name, "a table is wanted")
    end
  end
  if given.discover ~= nil and given.jwks_url ~= nil then
    return nil, options.fault("jwks_url", "it cannot be combined with discover")
  end
  local folder, fault = options.text(given, "state")
  if fault then
    return nil, fault
  end
  local is_there = folder == nil or io.open(folder .. "/.")
  if not is_there then
    return nil, options.fault("state", "there is no folder " .. folder)
  elseif folder then
    is_there:close()
  end
  return true
end

-- Returns what is to be followed, of the short forms as well.
local function rows(given)
  local found = {}
  for i, row in ipairs(given.follow or {}) do
    if type(row) ~= "table" then
      return nil, options.fault("follow", "a list of tables is wanted")
    end
    found[i] = copied(row)
  end
  local short = copied(given.keeper or {})
  short.address = given.address
  for _, name in ipairs(OF_LISTS) do
    short[name] = given[name]
  end
  if given.discover ~= nil then
    short.discover = given.discover
  elseif given.jwks_url ~= nil then
    short.url, short.issuer = given.jwks_url, given.issuer
  elseif getmetatable(given.keys) == key_sets.Keys and not given.follow then
    -- They are fixed, and their lists are not.
    local issuer = type(given.issuer) == "string" and given.issuer or nil
    short = { set = given.keys, issuer = issuer, revocations = given.revocations, status_lists = given.status_lists,
      list = given.list }
  else
    for _, name in ipairs(OF_LISTS) do
      if given[name] ~= nil then
        return nil, options.fault(name, "it belongs into follow, to the issuer that signs it")
      end
    end
    return found
  end
  found[#found + 1] = short
  return found
end

-- Adds the lists of a row.
local function add_lists(found, row, keys, given)
  local list = copied(row.list or {})
  list.algorithms = list.algorithms or row.algorithms or given.algorithms
  local wanted = {}
  if row.revocations ~= nil then
    wanted[1] = { "revocations", row.revocations }
  end
  local uris, fault = options.texts(row, "status_lists")
  if not uris then
    return nil, fault
  end
  for _, uri in ipairs(uris) do
    wanted[#wanted + 1] = { "status_list", uri }
  end
  for _, one in ipairs(wanted) do
    local made, why = lists.new(one[1], one[2], list, keys, given.dict or "jot", given.state)
    if not made then
      return nil, why
    end
    if one[1] == "revocations" and found.revocations then
      return nil, options.fault("revocations", "a guard has one list of them")
    end
    found.revocations = found.revocations or one[1] == "revocations"
    found.lists[#found.lists + 1] = made
  end
  return true
end

-- Adds what follows the keys of a row, and its empty set to the options of the verifier.
local function add_keys(found, row, given, of_verifier)
  local of_follower = copied(row)
  for _, name in ipairs(OF_LISTS) do
    of_follower[name] = nil
  end
  of_follower.algorithms = row.algorithms or given.algorithms
  local follower, issuer = followers.new(of_follower, given.dict or "jot", given.state)
  if not follower then
    return nil, issuer
  end
  found.keys[#found.keys + 1] = { follower = follower, issuer = issuer }
  local set = follower.keeper:keys()
  if issuer then
    of_verifier.issuer_keys = of_verifier.issuer_keys or {}
    of_verifier.issuer_keys[issuer] = set
  else
    of_verifier.keys = set
  end
  return { set = set, follower = follower, issuer = issuer }
end

--- Returns `keys`, a list of followers and issuers, `lists`, and `wait`, in seconds; or nil and the fault.
-- Keys are added to the options of the verifier.
function M.read(given, of_verifier)
  local found = { keys = {}, lists = {}, wait = given.wait or 2 }
  if type(found.wait) ~= "number" or not (found.wait >= 0 and found.wait <= 60) then
    return nil, options.fault("wait", "0 to 60 seconds are wanted")
  end
  local is_right, fault = checked(given)
  if not is_right then
    return nil, fault
  end
  local wanted
  wanted, fault = rows(given)
  if not wanted then
    return nil, fault
  end
  for _, row in ipairs(wanted) do
    local keys, is_done = row, nil
    if not row.set then
      keys, fault = add_keys(found, row, given, of_verifier)
      if not keys then
        return nil, fault
      end
    end
    is_done, fault = add_lists(found, row, keys, given)
    if not is_done then
      return nil, fault
    end
  end
  if #found.keys > 0 and given.jwks_url then
    of_verifier.issuer = nil
  end
  return found
end

return M
