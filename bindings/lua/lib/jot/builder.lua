--- Builds verifiers from tables of options.
local ffi = require "ffi"
local keys = require "jot.keys"
local native = require "jot.native"
local options = require "jot.options"
local policies = require "jot.policy"
local remotes = require "jot.remote"
local verifiers = require "jot.verifier"

local C = native.C
local M = {}

local KNOWN = {
  keys = true, issuer = true, any_issuer = true, issuer_keys = true, key_sets = true, cache_entries = true,
  cache_bytes = true, backend = true, table_bytes = true, cross_check = true,
}
for name in pairs(policies.known) do
  KNOWN[name] = true
end
M.known = KNOWN

local NUMBERS = {
  cache_entries = "cache_entries", cache_bytes = "cache_bytes", table_bytes = "table_bytes",
  cross_check = "cross_check",
}

-- Returns the set of keys, and what follows them if they are behind a URL.
local function set_of(value)
  local kind = type(value) == "table" and getmetatable(value)
  if kind == remotes.Remote then
    return value:set(), value
  end
  return kind == keys.Keys and value or nil
end

-- In a table of Lua a name with the value nil is not there. What lets in the fewest tokens must
-- therefore be said, or a variable that was never set would leave the rule out.
local function is_said(given, names, cure)
  for _, name in ipairs(names) do
    if given[name] ~= nil and given[name] ~= false then
      return true
    end
  end
  return nil, options.fault(names[1], "it is not there; " .. cure)
end

-- Gives the builder the keys, and returns the issuers in the order of their numbers and what
-- follows their keys, or nil and the fault.
local function trust(builder, given)
  local rows = {}
  local issuers, fault = options.texts(given, "issuer")
  if not issuers then
    return nil, fault
  end
  local set = given.keys
  if set ~= nil and not set_of(set) then
    return nil, options.fault("keys", "a set of jot.keys is wanted")
  end
  for _, issuer in ipairs(issuers) do
    rows[#rows + 1] = { set, issuer = issuer }
  end
  if set and #issuers == 0 then
    rows[#rows + 1] = { set }
  end
  -- In one order, because results number the issuers.
  local names = {}
  for issuer in pairs(given.issuer_keys or {}) do
    names[#names + 1] = tostring(issuer)
  end
  table.sort(names)
  for _, issuer in ipairs(names) do
    rows[#rows + 1] = { given.issuer_keys[issuer], issuer = issuer }
  end
  for _, row in ipairs(given.key_sets or {}) do
    rows[#rows + 1] = { row.keys, issuer = row.issuer, name = row.name or "" }
  end
  names = {}
  local followed = {}
  for i, row in ipairs(rows) do
    local keys_now, remote = set_of(row[1])
    if not keys_now or (remote and row.name) then
      return nil, options.fault("keys", "a set of jot.keys is wanted")
    end
    followed[i] = remote or false
    local handle, issuer, code = keys_now.handle, native.view(row.issuer), nil
    if row.name then
      code = C.jot_verifier_builder_key_set(builder, native.view(row.name), issuer, handle)
    elseif row.issuer then
      code = C.jot_verifier_builder_issuer(builder, issuer, handle)
    else
      code = C.jot_verifier_builder_keys(builder, handle)
    end
    local is_done, why = native.done(code)
    if not is_done then
      return nil, why
    end
    names[i] = row.issuer or false
  end
  return names, followed
end

local function tune(builder, given)
  for name, setting in pairs(NUMBERS) do
    local number, fault = options.whole(given, name, name == "cross_check" and native.NONE or 2 ^ 53)
    if fault then
      return nil, fault
    end
    if number then
      local is_done, why = native.done(C["jot_verifier_builder_" .. setting](builder, number))
      if not is_done then
        return nil, why
      end
    end
  end
  if given.backend ~= nil then
    local backend, fault = options.backend(given)
    if not backend then
      return nil, fault
    end
    return native.done(C.jot_verifier_builder_backend(builder, backend))
  end
  return true
end

local ISSUERS = { "issuer", "issuer_keys", "key_sets", "any_issuer" }
local AUDIENCES = {
  "audience", "any_audience", "no_audience", "access_token", "id_token", "revocation_list", "status_list",
}

--- Builds a verifier; returns nil and the fault. README.md lists the options.
function M.verifier(given)
  local is_known, fault = options.known(given, KNOWN)
  if not is_known then
    return nil, fault
  end
  local is_there
  is_there, fault = is_said(given, ISSUERS, "say any_issuer = true if the keys are for tokens of any issuer")
  if not is_there then
    return nil, fault
  end
  is_there, fault = is_said(given, AUDIENCES, "say any_audience = true to take any, or no_audience = true for "
    .. "tokens without one")
  if not is_there then
    return nil, fault
  end
  if given.no_audience and (given.audience or given.any_audience) then
    return nil, options.fault("no_audience", "it cannot be combined with an audience")
  end
  if given.any_issuer and (given.issuer or given.issuer_keys) then
    return nil, options.fault("any_issuer", "it cannot be combined with an issuer")
  end
  local policy
  policy, fault = policies.new(given)
  if not policy then
    return nil, fault
  end
  local out, why = ffi.new "jot_verifier_builder *[1]", native.why()
  local is_done
  is_done, fault = native.done(C.jot_verifier_builder_new(policy, out, why), why)
  if not is_done then
    return nil, fault
  end
  local builder = native.owned(out[0], C.jot_verifier_builder_free)
  local issuers, followed = trust(builder, given)
  if not issuers then
    return nil, followed
  end
  is_done, fault = tune(builder, given)
  if not is_done then
    return nil, fault
  end
  local built = ffi.new "jot_verifier *[1]"
  is_done, fault = native.done(C.jot_verifier_builder_build(builder, built, why), why)
  if not is_done then
    return nil, fault
  end
  local verifier = verifiers.of(built[0])
  --- The issuers, as results number them.
  verifier.issuers = issuers
  for i, remote in ipairs(followed) do
    if remote then
      is_done, fault = remote:feed(verifier, issuers[i] or nil)
      if not is_done then
        return nil, fault
      end
      verifier.remotes = followed
    end
  end
  return verifier
end

return M
