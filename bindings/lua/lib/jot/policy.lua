--- Turns a table of rules into a policy of C.
local ffi = require "ffi"
local bit = require "bit"
local conditions = require "jot.condition"
local native = require "jot.native"
local options = require "jot.options"

local C = native.C
local M = {}

-- What takes one or more strings, one string, a number of seconds, or true.
local TEXTS = {
  typ = "typ", understand_critical = "understand_critical", audience = "audience", required = "require",
  scopes = "scope",
}
local TEXT = { subject = "subject", nonce = "nonce", authorized_party = "authorized_party" }
local SECONDS = { leeway = "leeway", max_age = "max_age" }
local FLAGS = {
  any_audience = "any_audience", allow_missing_exp = "allow_missing_exp", allow_future_iat = "allow_future_iat",
  issuer_required = "issuer_required", check_status = "check_status", require_status = "require_status",
}
local OTHERS = {
  algorithms = true, access_token = true, id_token = true, revocation_list = true, status_list = true,
  token_bytes = true, header_bytes = true, claims = true, no_audience = true,
}

--- The names of all rules.
M.known = {}
for _, table_of_names in ipairs { TEXTS, TEXT, SECONDS, FLAGS, OTHERS } do
  for name in pairs(table_of_names) do
    M.known[name] = true
  end
end

--- Returns the numbers of the algorithms.
function M.algorithms(given)
  local names = given.algorithms
  if type(names) == "string" then
    names = { names }
  end
  if type(names) ~= "table" then
    return nil, native.fault("algorithms_empty", "algorithms", "algorithms: a list of strings is wanted")
  end
  local numbers = ffi.new("uint32_t[?]", math.max(#names, 1))
  for i, name in ipairs(names) do
    local alg, fault = native.alg(name)
    if not alg then
      return nil, fault
    end
    numbers[i - 1] = alg
  end
  return numbers, #names
end

--- Returns the algorithms as C has a set of them: a bit for each.
function M.algorithm_bits(given)
  local numbers, count = M.algorithms(given)
  if not numbers then
    return nil, count
  end
  local bits = 0
  for i = 0, count - 1 do
    bits = bit.bor(bits, bit.lshift(1, numbers[i]))
  end
  return bits
end

-- Returns the policy to start from.
local function start(given)
  local algs, count = M.algorithms(given)
  if not algs then
    return nil, count
  end
  local presets = {}
  for _, name in ipairs { "access_token", "id_token", "revocation_list", "status_list" } do
    presets[#presets + 1] = given[name] and name or nil
  end
  if #presets > 1 then
    return nil, options.fault(presets[2], "it cannot be combined with " .. presets[1])
  end
  local out, why, code = ffi.new "jot_policy *[1]", native.why(), nil
  local preset = presets[1]
  if preset == nil then
    code = C.jot_policy_new(algs, count, out, why)
  elseif preset == "access_token" or preset == "id_token" then
    local name, fault = options.text(given, preset)
    if not name then
      return nil, fault or options.fault(preset, "a string is wanted")
    end
    code = C["jot_policy_new_" .. preset](native.view(name), algs, count, out, why)
  else
    code = C["jot_policy_new_" .. preset](algs, count, out, why)
  end
  local is_done, fault = native.done(code, why)
  if not is_done then
    return nil, fault
  end
  return native.owned(out[0], C.jot_policy_free)
end

-- Applies one option, and returns true, or nil and the fault.
local function apply(policy, given, name)
  local setting = TEXTS[name] or TEXT[name] or SECONDS[name] or FLAGS[name]
  local set = setting and C["jot_policy_" .. setting]
  if TEXTS[name] then
    local texts, fault = options.texts(given, name)
    if not texts then
      return nil, fault
    end
    for _, text in ipairs(texts) do
      local is_done, why = native.done(set(policy, native.view(text)))
      if not is_done then
        return nil, why
      end
    end
  elseif TEXT[name] then
    local text, fault = options.text(given, name)
    if not text then
      return nil, fault
    end
    return native.done(set(policy, native.view(text)))
  elseif SECONDS[name] then
    local seconds, fault = options.whole(given, name)
    if not seconds then
      return nil, fault
    end
    return native.done(set(policy, seconds))
  elseif FLAGS[name] then
    local is_set, fault = options.flag(given, name)
    if fault then
      return nil, fault
    end
    if is_set then
      return native.done(set(policy))
    end
  end
  return true
end

--- Makes the policy of a table of rules.
function M.new(given)
  local policy, fault = start(given)
  if not policy then
    return nil, fault
  end
  for name in pairs(given) do
    if M.known[name] and not OTHERS[name] then
      local is_done, why = apply(policy, given, name)
      if not is_done then
        return nil, why
      end
    end
  end
  local wanted, why = options.texts(given, "claims")
  if not wanted then
    return nil, why
  end
  for _, text in ipairs(wanted) do
    local condition
    condition, why = conditions.parse(text)
    if not condition then
      return nil, why
    end
    local is_done
    is_done, why = native.done(C.jot_policy_claim(policy, condition.handle))
    if not is_done then
      return nil, why
    end
  end
  local token, header
  token, why = options.whole(given, "token_bytes")
  if why then
    return nil, why
  end
  header, why = options.whole(given, "header_bytes")
  if why then
    return nil, why
  end
  local is_done
  is_done, why = native.done(C.jot_policy_limits(policy, token or 0, header or 0))
  if not is_done then
    return nil, why
  end
  return policy
end

return M
