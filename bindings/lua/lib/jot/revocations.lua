--- Lists of revocations.
local ffi = require "ffi"
local native = require "jot.native"

local C = native.C
local M = {}

local Revocations = {}
Revocations.__index = Revocations

-- More than a program should have to keep by mistake.
local LIMIT = 100000
local NEVER = 9223372036854775807LL

--- Takes a list that C made.
function M.of(handle)
  return setmetatable({ handle = native.owned(handle, C.jot_revocations_free) }, Revocations)
end

--- Makes an empty list for at most `limit` revocations (100,000).
function M.new(limit)
  return M.of(C.jot_revocations_new(limit or LIMIT))
end

local function parsed(parse, text, limit)
  native.expect(text, "string", "text")
  local out, why = ffi.new "jot_revocations *[1]", native.why()
  local is_done, fault = native.done(parse(native.view(text), limit or LIMIT, out, why), why)
  if not is_done then
    return nil, fault
  end
  return M.of(out[0])
end

--- Reads what `to_text` wrote.
function M.parse(text, limit)
  return parsed(C.jot_revocations_from_text, text, limit)
end

--- Reads the claims of a signed list, which must have been verified before.
function M.from_claims(claims, limit)
  return parsed(C.jot_revocations_from_claims, claims, limit)
end

--- Makes what refuses all tokens, because no list could be had for too long.
function M.stale()
  return M.of(C.jot_revocations_stale())
end

--- Makes what refuses all tokens until there is a first list.
function M.not_yet()
  return M.of(C.jot_revocations_not_yet())
end

local function instant(value)
  if value == nil then
    return NEVER
  end
  return native.instant(value)
end

--- Revokes the tokens with this `jti`. After `ends`, when they expire, the entry may be dropped;
-- without it, it is kept for ever.
function Revocations:revoke_jti(jti, ends)
  native.expect(jti, "string", "jti")
  return native.done(C.jot_revocations_revoke_jti(self.handle, native.view(jti), instant(ends)))
end

--- Revokes the tokens of a session.
function Revocations:revoke_session(sid, ends)
  native.expect(sid, "string", "sid")
  return native.done(C.jot_revocations_revoke_session(self.handle, native.view(sid), instant(ends)))
end

--- Revokes the tokens of a subject that were issued before an instant.
function Revocations:revoke_subject(subject, issued_before)
  native.expect(subject, "string", "subject")
  native.expect(issued_before, "number", "issued_before")
  local before = native.instant(issued_before)
  return native.done(C.jot_revocations_revoke_subject(self.handle, native.view(subject), before))
end

--- Revokes a key by its thumbprint, and so every token that it signed.
function Revocations:revoke_key(thumbprint)
  native.expect(thumbprint, "string", "thumbprint")
  return native.done(C.jot_revocations_revoke_key(self.handle, native.view(thumbprint)))
end

--- Drops what has expired.
function Revocations:purge(now)
  return native.done(C.jot_revocations_purge(self.handle, native.instant(now)))
end

--- Returns the number of revocations.
function Revocations:count()
  return tonumber(C.jot_revocations_len(self.handle))
end

--- Writes the list as lines of JSON.
function Revocations:to_text()
  return native.written(function(text) return C.jot_revocations_to_text(self.handle, text) end)
end

native.published(Revocations)

return M
