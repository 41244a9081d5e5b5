--- Demands of one call, in addition to the rules of the verifier. They only narrow.
local ffi = require "ffi"
local conditions = require "jot.condition"
local native = require "jot.native"
local options = require "jot.options"

local C = native.C
local M = {}

local Demand = {}
Demand.__index = Demand

local KNOWN = { key_set = true, issuer = true, audience = true, scopes = true, claims = true }

local function add(demand, kept, given, name, field)
  local texts, fault = options.texts(given, name)
  if not texts then
    return nil, fault
  end
  if #texts > 0 then
    kept[name] = { texts, (native.views(texts)) }
    demand[field .. "s"], demand[field .. "_count"] = kept[name][2], #texts
  end
  return true
end

--- Reads demands: `key_set`, `issuer`, `audience`, `scopes`, `claims` (conditions). Demands of
-- nothing are an error: in a table of Lua a value that is nil leaves its name out.
function M.new(given)
  local is_known, fault = options.known(given, KNOWN)
  if not is_known then
    return nil, fault
  end
  if next(given) == nil then
    return nil, options.fault("demands", "nothing is demanded")
  end
  local raw, kept = ffi.new("jot_demand", { ffi.sizeof "jot_demand" }), {}
  for name, field in pairs { issuer = "issuer", audience = "audience" } do
    local is_done, why = add(raw, kept, given, name, field)
    if not is_done then
      return nil, why
    end
  end
  kept.key_set, fault = options.text(given, "key_set")
  if fault then
    return nil, fault
  end
  raw.key_set = native.view(kept.key_set)
  local made = { raw = raw, kept = kept }
  local scopes, texts
  scopes, fault = options.texts(given, "scopes")
  if not scopes then
    return nil, fault
  end
  if #scopes > 0 then
    made.scopes, made.scope_views = scopes, (native.views(scopes))
  end
  texts, fault = options.texts(given, "claims")
  if not texts then
    return nil, fault
  end
  made.conditions = {}
  for i, text in ipairs(texts) do
    made.conditions[i], fault = conditions.parse(text)
    if fault then
      return nil, fault
    end
  end
  return setmetatable(made, Demand)
end

--- Takes demands that were read before, or reads them. What is wrong with them is a mistake of the
-- program: a call that went on without them would demand less.
function M.of(given)
  if getmetatable(given) == Demand then
    return given
  end
  local made, fault = M.new(given)
  if not made then
    error("jot: " .. fault.message, 3)
  end
  return made
end

--- Judges the claims of the token that a scratch holds, after it was accepted; returns a code.
function Demand:judge(scratch)
  if self.scopes then
    local code = C.jot_claims_have_scopes(scratch, self.scope_views, #self.scopes)
    if code ~= 0 then
      return code
    end
  end
  for _, condition in ipairs(self.conditions) do
    local code = C.jot_claims_meet(scratch, condition.handle)
    if code ~= 0 then
      return code
    end
  end
  return 0
end

return M
