--- Sets of verifying keys.
local ffi = require "ffi"
local bit = require "bit"
local native = require "jot.native"
local options = require "jot.options"

local C = native.C
local M = {}

local Keys = {}
Keys.__index = Keys
M.Keys = Keys

local FLAGS = {
  allow_weak_keys = C.JOT_ALLOW_WEAK_KEYS,
  dated = C.JOT_DATED_KEYS,
  all_certificates = C.JOT_ALL_CERTIFICATES,
  certificate_validity = C.JOT_CERTIFICATE_VALIDITY,
}
local KNOWN = { algorithm = true, kid = true }
for name in pairs(FLAGS) do
  KNOWN[name] = true
end

--- Reads the flags out of a table of options.
function M.flags(given)
  local flags = 0
  for name, flag in pairs(FLAGS) do
    local is_set, why = options.flag(given, name)
    if why then
      return nil, why
    end
    flags = is_set and bit.bor(flags, flag) or flags
  end
  return flags
end

--- Returns the options of C for reading a key. They live as long as the table does.
function M.reading(given)
  local reading = ffi.new("jot_key_options", { ffi.sizeof "jot_key_options" })
  if given == nil then
    return reading
  end
  local known, why = options.known(given, KNOWN)
  if not known then
    return nil, why
  end
  local flags, kid, alg
  flags, why = M.flags(given)
  if not flags then
    return nil, why
  end
  kid, why = options.text(given, "kid")
  if why then
    return nil, why
  end
  if given.algorithm ~= nil then
    alg, why = native.alg(given.algorithm)
    if not alg then
      return nil, why
    end
    reading.alg = alg
  end
  reading.flags, reading.kid = flags, native.view(kid)
  return reading
end

--- Takes a set that C made.
function M.of(handle)
  return setmetatable({ handle = native.owned(handle, C.jot_key_set_free) }, Keys)
end

--- Makes an empty set, to which keys are added before it is given to a verifier.
function M.new()
  return M.of(C.jot_key_set_new())
end

local function adder(name)
  local add = C["jot_key_set_add_" .. name]
  --- Adds keys; returns the set, or nil and the fault.
  Keys["add_" .. name] = function(self, text, given)
    native.expect(text, "string", "text")
    local reading, fault = M.reading(given)
    if not reading then
      return nil, fault
    end
    local why = native.why()
    local is_done, reason = native.done(add(self.handle, native.view(text), reading, why), why)
    if not is_done then
      return nil, reason
    end
    return self
  end
  --- Makes a set of these keys; returns nil and the fault.
  M[name] = function(text, given)
    local set = M.new()
    return set["add_" .. name](set, text, given)
  end
end

for _, name in ipairs { "jwks", "jwk", "pem", "pem_bundle", "der", "secret", "text" } do
  adder(name)
end

--- Reads a JWK Set, a JWK or PEM.
M.parse = M.text

--- Reads a file with a JWK Set, a JWK or PEM.
function M.read(path, given)
  native.expect(path, "string", "path")
  local file, why = io.open(path, "rb")
  if not file then
    return nil, native.other("file_unreadable", why)
  end
  local text = file:read "*a"
  file:close()
  if not text then
    return nil, native.other("file_unreadable", path)
  end
  return M.parse(text, given)
end

--- Adds the verifying key of a signer.
function Keys:add_signer(signer)
  native.expect(signer, "table", "signer")
  local why = native.why()
  local is_done, fault = native.done(C.jot_key_set_add_signer(self.handle, signer.handle, why), why)
  if not is_done then
    return nil, fault
  end
  return self
end

--- Returns the number of keys.
function Keys:count()
  return tonumber(C.jot_key_set_len(self.handle))
end

--- Describes what C says of a key.
function M.described(info)
  local algorithms = {}
  for number = 1, 31 do
    if bit.band(info.algs, bit.lshift(1, number)) ~= 0 then
      algorithms[#algorithms + 1] = native.alg_name(number)
    end
  end
  local has = function(flag) return bit.band(info.flags, flag) ~= 0 end
  return {
    algorithms = algorithms,
    algorithm = native.alg_name(info.alg),
    kid = native.optional(info.kid),
    kty = native.optional(info.kty),
    crv = native.optional(info.crv),
    thumbprint = native.optional(info.thumbprint),
    not_before = has(C.JOT_HAS_NBF) and tonumber(info.not_before) or nil,
    expires_at = has(C.JOT_HAS_EXP) and tonumber(info.expires_at) or nil,
  }
end

--- Describes a key, counted from 1; nil if there is none.
function Keys:key(index)
  local info = ffi.new("jot_key_info", { ffi.sizeof "jot_key_info" })
  local is_there, why = native.done(C.jot_key_set_key(self.handle, index - 1, info))
  if not is_there then
    return nil, why
  end
  return M.described(info)
end

--- Returns a line about the keys that were skipped because they cannot be used; "" if none was.
function Keys:skipped()
  return native.copied(function(into, size, needed)
    return C.jot_key_set_reasons(self.handle, into, size, needed)
  end), tonumber(C.jot_key_set_skipped_len(self.handle))
end

--- Returns a sentence if a secret may not be the bytes that its owner meant.
function Keys:secret_doubt()
  return native.optional(C.jot_key_set_secret_doubt(self.handle))
end

--- Writes the public keys as a JWK Set.
function Keys:jwks()
  return native.written(function(text, why) return C.jot_key_set_to_jwks(self.handle, text, why) end)
end

--- Writes a public key as PEM.
function Keys:pem(index)
  return native.written(function(text, why) return C.jot_key_set_to_pem(self.handle, index - 1, text, why) end)
end

--- Tells whether a key signed bytes that are not a token.
function Keys:check_signature(index, algorithm, message, signature)
  native.expect(message, "string", "message")
  native.expect(signature, "string", "signature")
  local alg, why = native.alg(algorithm)
  if not alg then
    return nil, why
  end
  return native.done(C.jot_key_set_check_signature(self.handle, index - 1, alg, native.view(message),
    native.view(signature)))
end

native.published(Keys)

return M
