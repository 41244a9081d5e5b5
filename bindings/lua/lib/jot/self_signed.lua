--- Tokens that come with their own key: proofs of DPoP, key binding, proofs of workloads
-- (docs/self-signed.md). Anybody can make a key and sign with it, so none of them is accepted by its
-- signature: compare the thumbprint with what somebody trusted says of the key.
local ffi = require "ffi"
local bit = require "bit"
local native = require "jot.native"
local options = require "jot.options"
local policies = require "jot.policy"
local tokens = require "jot.token"

local C = native.C
local M = {}

local Verifier = {}
Verifier.__index = Verifier
M.Verifier = Verifier

local KNOWN = { algorithms = true, typ = true, any_typ = true, token_bytes = true, header_bytes = true, backend = true }

-- Returns the options of C, and the texts that they view.
local function settings(given)
  local raw = ffi.new("jot_selfsigned_options", { ffi.sizeof "jot_selfsigned_options" })
  local is_known, fault = options.known(given, KNOWN)
  if not is_known then
    return nil, fault
  end
  local algs, typs, any_typ
  algs, fault = policies.algorithm_bits(given)
  if not algs then
    return nil, fault
  end
  typs, fault = options.texts(given, "typ")
  if not typs then
    return nil, fault
  end
  any_typ, fault = options.flag(given, "any_typ")
  if fault then
    return nil, fault
  end
  for _, name in ipairs { "token_bytes", "header_bytes" } do
    local bytes, why = options.whole(given, name)
    if why then
      return nil, why
    end
    raw[name] = bytes or 0
  end
  local backend
  backend, fault = options.backend(given)
  if not backend then
    return nil, fault
  end
  raw.algs, raw.flags, raw.backend = algs, any_typ and C.JOT_ANY_TYP or 0, backend
  raw.typs, raw.typ_count = native.views(typs)
  return raw
end

--- Makes a verifier of such tokens. `algorithms`, none of them symmetric; `typ`, one or several, such as
-- `dpop+jwt`, or `any_typ = true`; `token_bytes`, `header_bytes`; `backend`, for batches. Returns nil and
-- the fault.
function M.new(given)
  local raw, fault = settings(given)
  if not raw then
    return nil, fault
  end
  local out, why = ffi.new "jot_selfsigned_verifier *[1]", native.why()
  local is_done
  is_done, fault = native.done(C.jot_selfsigned_verifier_new(raw, out, why), why)
  if not is_done then
    return nil, fault
  end
  return setmetatable({ handle = native.owned(out[0], C.jot_selfsigned_verifier_free) }, Verifier)
end

local Known = {}
Known.__index = function(known, name)
  if name == "claims" then
    local claims = native.json().decode(known.payload)
    rawset(known, "claims", claims)
    return claims
  end
end
Known.__tostring = function(known) return "token of the key " .. known.thumbprint end

-- Describes a token that its key signed. Everything is copied: the view ends with the next token.
local function known_of(answer)
  local has = function(flag) return bit.band(answer.flags, flag) ~= 0 end
  return setmetatable({
    thumbprint = ffi.string(answer.thumbprint),
    algorithm = native.alg_name(answer.alg),
    payload = native.string_of(answer.payload),
    issued_at = has(C.JOT_HAS_IAT) and tonumber(answer.issued_at) or nil,
    not_before = has(C.JOT_HAS_NBF) and tonumber(answer.not_before) or nil,
    expires_at = has(C.JOT_HAS_EXP) and tonumber(answer.expires_at) or nil,
  }, Known)
end

local function refused(answer)
  local rejection = tokens.rejected(answer.code)
  local member = ffi.string(answer.fault_name)
  rejection.member = member ~= "" and member or nil
  rejection.offset = answer.fault_offset ~= native.NONE and answer.fault_offset or nil
  return rejection
end

local scratch = native.owned(C.jot_scratch_new(), C.jot_scratch_free)
local FIRST_MISUSE, LAST_MISUSE = C.JOT_ARGUMENT_NULL, C.JOT_VALUE_STALE

--- Verifies a token with the key in its header, or with the JWK `key`, a text, which a token must not
-- bring as well then. Returns what is known of it: `thumbprint` of the key, `algorithm`, `claims`,
-- `payload`, `issued_at`, `not_before`, `expires_at`, none of which is checked; or nil and why it is refused.
function Verifier:verify(text, key)
  if text == nil then
    return nil, tokens.rejected(C.JOT_TOKEN_NULL)
  end
  native.expect(text, "string", "token")
  if key ~= nil then
    native.expect(key, "string", "key")
  end
  local answer = ffi.new("jot_selfsigned", { ffi.sizeof "jot_selfsigned" })
  local code = C.jot_selfsigned_verify(self.handle, native.view(text), native.view(key), scratch, answer)
  if code == C.JOT_SELF_SIGNED then
    return known_of(answer)
  end
  if code >= FIRST_MISUSE and code <= LAST_MISUSE then
    error("jot: " .. ffi.string(C.jot_code_meaning(code)), 2)
  end
  return nil, refused(answer)
end

native.published(Verifier, { verify = true })

return M
