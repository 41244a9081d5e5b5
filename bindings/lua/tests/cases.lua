--- The shared table of tokens (tests/cases): luajit cases.lua TABLE, as texts.py
-- writes it.
local check = require "check"
local cjson = require "cjson"
local ffi = require "ffi"
local jot = require "jot"

local file = assert(io.open(assert(arg[1], "which table?"), "rb"))
local rows = cjson.decode(file:read "*a")
file:close()

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

local function decoded(text)
  local bits, held, bytes = 0, 0, {}
  for char in text:gmatch "." do
    bits, held = bits * 64 + ALPHABET:find(char, 1, true) - 1, held + 6
    if held >= 8 then
      held = held - 8
      bytes[#bytes + 1] = string.char(math.floor(bits / 2 ^ held))
      bits = bits % 2 ^ held
    end
  end
  return table.concat(bytes)
end

local function token_of(row)
  if row.token then
    return row.token
  elseif row.token_b64 then
    return decoded(row.token_b64)
  end
  local parts = {}
  for i, part in ipairs(row.token_parts) do
    parts[i] = type(part) == "string" and part or part["repeat"]:rep(part.times)
  end
  return table.concat(parts)
end

local RENAMED = { issuers = "issuer", audiences = "audience", typs = "typ" }
local READING = { allow_weak_keys = "allow_weak_keys", key_alg = "algorithm" }

-- Returns the options of the verifier, and those for reading the keys.
local function options_of(row)
  local given, reading = {}, {}
  for name, value in pairs(row.policy) do
    if READING[name] then
      reading[READING[name]] = value
    else
      given[RENAMED[name] or name] = value
    end
  end
  if not given.audience and not given.any_audience and not given.access_token and not given.id_token then
    given.no_audience = true
  end
  return given, reading
end

local function keys_of(row, given, reading)
  if row.issuer_keys then
    given.issuer_keys = {}
    for issuer, set in pairs(row.issuer_keys) do
      local keys, _, fault = jot.keys.jwks(set, reading)
      if not keys then
        return nil, fault
      end
      given.issuer_keys[issuer] = keys
    end
    return true
  end
  local keys, _, fault
  if row.keys then
    keys, _, fault = jot.keys.jwks(row.keys, reading)
  elseif row.jwk then
    keys, _, fault = jot.keys.jwk(row.jwk, reading)
  elseif row.pem then
    keys, _, fault = jot.keys.pem(row.pem, reading)
  else
    keys, _, fault = jot.keys.secret(decoded(row.secret_b64), reading)
  end
  given.keys, given.any_issuer = keys, not given.issuer or nil
  return keys, fault
end

local function lists_of(row)
  local lists = {}
  for i, list in ipairs(row.status_lists or {}) do
    local absent = type(list) == "table" and list.absent
    if absent == "status_list_not_yet" then
      lists[i] = assert(jot.status_list.not_yet(list.sub))
    elseif absent then
      lists[i] = assert(jot.status_list.stale(list.sub))
    else
      lists[i] = assert(jot.status_list.from_claims(list))
    end
  end
  return lists
end

local function outcome(verifier, row, token)
  local accepted, rejection = verifier:verify(token, row.now)
  local found = { code = "accepted", signature_ok = true }
  if not accepted then
    found = { code = rejection.name, signature_ok = rejection.signature_ok, claim = rejection.claim }
    check.is(rejection.code, jot.codes[rejection.name], row.id)
    check.is(#rejection.detail < 256 and not rejection.detail:find "[^ -~]", true, row.id .. ": detail")
  else
    local lent = verifier:read(token, function(view) return view:payload() end, row.now)
    check.is(lent, accepted.payload, row.id .. ": read")
    check.is(type(accepted.claims), "table", row.id .. ": claims")
    local whole = verifier:read(token, function(view) return view:get() end, row.now)
    for name, value in pairs(accepted.claims) do
      if type(value) ~= "table" and value ~= cjson.null then
        check.is(whole[name], value, row.id .. ": " .. name)
      end
    end
  end
  local is_accepted, name = verifier:check(token, row.now)
  check.is(is_accepted and "accepted" or name, found.code, row.id .. ": check")
  local verdicts = assert(assert(jot.batch(1)):verify(verifier, { token }, row.now))
  check.is(verdicts:code(1), found.code, row.id .. ": batch")
  check.is(verdicts:signature_ok(1), found.signature_ok, row.id .. ": batch")
  return found
end

local function run(row)
  local given, reading = options_of(row)
  local keys, fault = keys_of(row, given, reading)
  if not keys then
    return { code = fault.name, signature_ok = false }
  end
  local verifier, _
  verifier, _, fault = jot.verifier(given)
  if not verifier then
    return { code = fault.name, signature_ok = false }
  end
  for _, list in ipairs(lists_of(row)) do
    assert(verifier:put_status_list(list))
  end
  return outcome(verifier, row, token_of(row))
end

-- Reads 64 bits, which `tonumber` would round.
local function instant(digits)
  return assert(loadstring("return " .. digits .. "LL"))()
end

local seen = {}
check.test("the shared table", function()
  check.ok(#rows > 500, "the table is there")
  for _, row in ipairs(rows) do
    row.now = instant(row.now)
    local is_done, found = xpcall(run, debug.traceback, row)
    if not is_done then
      check.ok(false, row.id .. ": " .. found)
    else
      seen[found.code] = true
      check.is(found.code, row.code, row.id)
      check.is(found.signature_ok, row.signature_ok, row.id .. ": signature_ok")
      check.is(found.claim, row.claim, row.id .. ": claim")
    end
  end
  local codes = 0
  for _ in pairs(seen) do
    codes = codes + 1
  end
  check.ok(codes > 80, codes .. " codes were seen")
  check.ok(ffi.abi "64bit", "a machine of 64 bits")
end)

check.run("cases")
