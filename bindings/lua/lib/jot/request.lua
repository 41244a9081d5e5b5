--- The token of a request of HTTP, and the answer to one that is refused (RFC 6750).
local ffi = require "ffi"
local native = require "jot.native"
local options = require "jot.options"

local C = native.C
local M = {}

local token, found = ffi.new "jot_slice[1]", ffi.new "uint32_t[1]"
local field = ffi.new "jot_slice[1]"

local authorization_token = native.is_flat and C.jot_authorization_token_flat
  or function(scheme, _, ...) return C.jot_authorization_token(native.view(scheme), ...) end

--- Finds the token in the values of `Authorization`: a string, a list of strings, or nil. Returns
-- it, or nil; a second result of true says that there are several.
function M.token(values, scheme)
  local views, count = field, 1
  if type(values) == "string" then
    field[0].ptr, field[0].len = native.keep(values), #values
  else
    views, count = native.views(values or {})
  end
  scheme = scheme or "Bearer"
  local code = authorization_token(scheme, #scheme, views, count, token, found)
  if code ~= 0 then
    error("jot: " .. ffi.string(C.jot_code_meaning(code)), 2)
  end
  return native.optional(token[0]), found[0] == 2
end

local KNOWN = { realm = true, resource_metadata = true, scopes = true, describe = true }

-- What would end the line or the quotes is escaped by the engine; what is no ASCII would be read
-- differently by different clients.
local function is_printable(text)
  return not text:find "[^ -~]"
end

--- Reads how refusals are answered: `realm`, `resource_metadata`, `scopes`, `describe`.
function M.settings(given)
  local is_known, fault = options.known(given, KNOWN)
  if not is_known then
    return nil, fault
  end
  local settings = { described = given.describe ~= false }
  for _, name in ipairs { "realm", "resource_metadata" } do
    settings[name], fault = options.text(given, name)
    if fault then
      return nil, fault
    end
  end
  settings.scopes, fault = options.texts(given, "scopes")
  if fault then
    return nil, fault
  end
  settings.realm = settings.realm or "protected"
  for _, text in ipairs { settings.realm, settings.resource_metadata or "", unpack(settings.scopes) } do
    if not is_printable(text) then
      return nil, options.fault("realm", ("%q cannot stand in a header"):format(text))
    end
  end
  return settings
end

--- Answers a request that is refused: returns the status, and the value of `WWW-Authenticate`, or
-- nil where the response has none. `code` is a number; `are_several` says that the request has
-- several tokens.
function M.answer(settings, code, are_several)
  local parts, status = ffi.new("jot_challenge", { ffi.sizeof "jot_challenge", code }), ffi.new "uint32_t[1]"
  parts.flags = (are_several and C.JOT_SEVERAL_TOKENS or 0)
    + (settings.described and 0 or C.JOT_WITHOUT_DESCRIPTION)
  parts.realm = native.view(settings.realm)
  parts.resource_metadata = native.view(settings.resource_metadata)
  local views, count = native.views(settings.scopes)
  parts.scopes, parts.scope_count = views, count
  local text = assert(native.written(function(into, why)
    return C.jot_challenge_write(parts, status, into, why)
  end))
  return status[0], text ~= "" and text or nil
end

return M
