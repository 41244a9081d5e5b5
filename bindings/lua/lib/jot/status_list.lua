--- Token Status Lists (docs/revocation.md).
local ffi = require "ffi"
local native = require "jot.native"

local C = native.C
local M = {}

local StatusList = {}
StatusList.__index = StatusList

local MOST_ENTRIES = 16777216

local function of(handle)
  if handle == nil then
    return nil, native.fault("argument_text", "uri", "uri: a text is wanted")
  end
  return setmetatable({ handle = native.owned(handle, C.jot_status_list_free) }, StatusList)
end

--- Reads the claims of a signed list, which must have been verified before.
function M.from_claims(claims, most_entries)
  native.expect(claims, "string", "claims")
  local out, why = ffi.new "jot_status_list *[1]", native.why()
  local code = C.jot_status_list_from_claims(native.view(claims), most_entries or MOST_ENTRIES, out, why)
  local is_done, fault = native.done(code, why)
  if not is_done then
    return nil, fault
  end
  return of(out[0])
end

--- Makes what stands in the place of a list that was not fetched yet.
function M.not_yet(uri)
  return of(C.jot_status_list_not_yet(native.view(uri)))
end

--- Makes what stands in the place of a list that is too old.
function M.stale(uri)
  return of(C.jot_status_list_stale(native.view(uri)))
end

--- Returns the number of entries.
function StatusList:count()
  return tonumber(C.jot_status_list_len(self.handle))
end

native.published(StatusList)

return M
