--- Private keys and secrets that sign.
local ffi = require "ffi"
local keys = require "jot.keys"
local native = require "jot.native"
local options = require "jot.options"

local C = native.C
local M = {}

local Signer = {}
Signer.__index = Signer

local function made(code, out, why)
  local is_done, fault = native.done(code, why)
  if not is_done then
    return nil, fault
  end
  return setmetatable({ handle = native.owned(out[0], C.jot_signer_free) }, Signer)
end

local GENERATING = { kid = true, bits = true }

--- Makes a new key for an algorithm. `options`: `kid`; `bits` for RSA.
function M.generate(algorithm, given)
  given = given or {}
  local is_known, fault = options.known(given, GENERATING)
  if not is_known then
    return nil, fault
  end
  local alg, kid, bits
  alg, fault = native.alg(algorithm)
  if not alg then
    return nil, fault
  end
  kid, fault = options.text(given, "kid")
  if fault then
    return nil, fault
  end
  bits, fault = options.whole(given, "bits")
  if fault then
    return nil, fault
  end
  local out, why = ffi.new "jot_signer *[1]", native.why()
  return made(C.jot_signer_generate(alg, bits or 0, native.view(kid), out, why), out, why)
end

for _, name in ipairs { "jwk", "pem", "der", "secret" } do
  local from = C["jot_signer_from_" .. name]
  --- Reads a private key. The options are those of `jot.keys`.
  M[name] = function(text, given)
    native.expect(text, "string", "text")
    local reading, fault = keys.reading(given)
    if not reading then
      return nil, fault
    end
    local out, why = ffi.new "jot_signer *[1]", native.why()
    return made(from(native.view(text), reading, out, why), out, why)
  end
end

--- Describes the key.
function Signer:key()
  local info = ffi.new("jot_key_info", { ffi.sizeof "jot_key_info" })
  local is_done, why = native.done(C.jot_signer_key(self.handle, info))
  if not is_done then
    return nil, why
  end
  return keys.described(info)
end

--- Returns a set with the verifying key.
function Signer:verifying_keys()
  return keys.new():add_signer(self)
end

--- Writes the private JWK, which is a secret.
function Signer:jwk()
  return native.written(function(text, why) return C.jot_signer_to_jwk(self.handle, text, why) end)
end

--- Writes the private key as PEM, which is a secret.
function Signer:pem()
  return native.written(function(text, why) return C.jot_signer_to_pem(self.handle, text, why) end)
end

local HEADER = { typ = true, cty = true, parameters = true, critical = true, detached = true, unencoded = true }

-- Returns the header of C, and what it views.
local function header_of(given)
  local header = ffi.new("jot_sign_header", { ffi.sizeof "jot_sign_header" })
  if given == nil then
    return header
  end
  local is_known, fault = options.known(given, HEADER)
  if not is_known then
    return nil, fault
  end
  if given.typ == false then
    header.flags = C.JOT_WITHOUT_TYP
  elseif given.typ ~= nil then
    header.typ = native.view(native.expect(given.typ, "string", "typ"))
  end
  header.cty = native.view(given.cty and native.expect(given.cty, "string", "cty"))
  local parameters = given.parameters
  if type(parameters) == "table" then
    parameters = native.json().encode(parameters)
  end
  header.parameters = native.view(parameters)
  local names = {}
  for name, value in pairs(given.critical or {}) do
    names[#names + 1] = { name, native.json().encode(value) }
  end
  local critical = ffi.new("jot_critical[?]", math.max(#names, 1))
  for i, pair in ipairs(names) do
    critical[i - 1].name, critical[i - 1].value = native.view(pair[1]), native.view(pair[2])
  end
  header.critical, header.critical_count = #names > 0 and critical or nil, #names
  native.keep { parameters, names, critical }
  return header
end

--- Signs claims, a table or the text of a JSON object, which is signed byte for byte. `header`:
-- `typ` (false for none), `cty`, `parameters`, `critical`.
function Signer:sign(claims, header)
  if type(claims) == "table" then
    claims = native.json().encode(claims)
  end
  native.expect(claims, "string", "claims")
  local parts, fault = header_of(header)
  if not parts then
    return nil, fault
  end
  return native.written(function(text, why)
    return C.jot_signer_sign_claims(self.handle, parts, native.view(claims), text, why)
  end)
end

--- Signs any bytes as a JWS. `header` may also say `detached` or `unencoded`, whose tokens do
-- not carry the payload (RFC 7797).
function Signer:sign_payload(payload, header)
  native.expect(payload, "string", "payload")
  local parts, fault = header_of(header)
  if not parts then
    return nil, fault
  end
  local form = C.JOT_ATTACHED
  if header and header.unencoded then
    form = C.JOT_UNENCODED_DETACHED
  elseif header and header.detached then
    form = C.JOT_DETACHED
  end
  return native.written(function(text, why)
    return C.jot_signer_sign_payload(self.handle, parts, native.view(payload), form, text, why)
  end)
end

--- Signs bytes that are not a token.
function Signer:sign_message(message)
  native.expect(message, "string", "message")
  return native.written(function(text, why)
    return C.jot_signer_sign_message(self.handle, native.view(message), text, why)
  end)
end

--- Wipes the key at once, instead of when the collector finds it.
function Signer:close()
  native.close(self, C.jot_signer_free)
end

native.published(Signer)

return M
