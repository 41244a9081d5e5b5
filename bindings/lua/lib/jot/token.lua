--- What is known of a token: an accepted one, or why it was rejected.
local ffi = require "ffi"
local bit = require "bit"
local native = require "jot.native"

local C = native.C
local M = {}

-- What is made when it is asked for first.
local LAZY = {
  claims = function(token) return native.json().decode(token.payload) end,
  parameters = function(token) return native.json().decode(token.header) end,
}
local OF_CLAIMS = { issuer = "iss", subject = "sub", jwt_id = "jti" }

local Token = {}
Token.__index = function(token, name)
  local make = LAZY[name]
  if make then
    local value = make(token)
    rawset(token, name, value)
    return value
  end
  local claim = OF_CLAIMS[name]
  return claim and token.claims[claim]
end
Token.__tostring = function(token) return "token of " .. tostring(token.issuer) end

local Rejection = {}
Rejection.__index = Rejection
Rejection.__tostring = function(rejection)
  local detail = rejection.detail ~= "" and ": " .. rejection.detail or ""
  return ("token rejected: %s (%d)%s"):format(rejection.name, rejection.code, detail)
end
M.Rejection = Rejection

local HAS_EXP, HAS_NBF, HAS_IAT = C.JOT_HAS_EXP, C.JOT_HAS_NBF, C.JOT_HAS_IAT
local SIGNATURE_OK, FROM_CACHE = C.JOT_SIGNATURE_OK, C.JOT_FROM_CACHE

-- Fills in what both have. Everything is copied, because the views end with the next token.
local function filled(known, verdict)
  local flags = verdict.flags
  known.expires_at = bit.band(flags, HAS_EXP) ~= 0 and tonumber(verdict.expires_at) or nil
  known.not_before = bit.band(flags, HAS_NBF) ~= 0 and tonumber(verdict.not_before) or nil
  known.issued_at = bit.band(flags, HAS_IAT) ~= 0 and tonumber(verdict.issued_at) or nil
  known.algorithm = native.alg_name(verdict.alg)
  known.kid = native.optional(verdict.kid)
  return known
end

--- Makes an accepted token. `claims` and `parameters`, those of the header, are decoded when they
-- are asked for; `payload` and `header` are their JSON.
function M.accepted(verdict)
  return setmetatable(filled({
    payload = native.string_of(verdict.payload),
    header = native.string_of(verdict.header),
    -- Counted from 1, as everything in Lua.
    issuer_index = verdict.issuer_index + 1,
    key_index = verdict.key_index + 1,
    from_cache = bit.band(verdict.flags, FROM_CACHE) ~= 0,
  }, verdict), Token)
end

local detail, needed = ffi.new("char[?]", C.JOT_DETAIL_BYTES), ffi.new "size_t[1]"

--- Makes the reason why a token was rejected.
function M.rejected(code, verdict, text)
  local rejection = setmetatable({
    code = code,
    name = ffi.string(C.jot_code_name(code)),
    stage = ffi.string(C.jot_code_stage(code)),
    meaning = ffi.string(C.jot_code_meaning(code)),
    status = C.jot_code_http_status(code),
    signature_ok = false,
    detail = "",
  }, Rejection)
  if verdict == nil then
    return rejection
  end
  filled(rejection, verdict)
  rejection.signature_ok = bit.band(verdict.flags, SIGNATURE_OK) ~= 0
  rejection.claim = native.optional(verdict.fault_claim)
  rejection.offset = verdict.fault_offset ~= native.NONE and verdict.fault_offset or nil
  -- Of what a demand of this module refused, C says nothing.
  verdict.code = code
  if C.jot_verdict_detail(verdict, native.view(text), detail, C.JOT_DETAIL_BYTES, needed) == 0 then
    rejection.detail = ffi.string(detail)
  end
  return rejection
end

return M
