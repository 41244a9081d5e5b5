--- Requests of keepers and how they ended, which are the same for keys and for lists.
local ffi = require "ffi"
local native = require "jot.native"

local C = native.C
local M = {}

local OUTCOMES = { replied = C.JOT_REPLIED, failed = C.JOT_FAILED, timed_out = C.JOT_TIMED_OUT }

--- Asks a keeper, by this function of C, what to do: returns a request to make, or nil and when to
-- ask again.
function M.polled(poll, handle, now)
  local raw = ffi.new("jot_request", { ffi.sizeof "jot_request" })
  assert(native.done(poll(handle, native.instant(now), raw)))
  if raw.ticket == 0 then
    return nil, tonumber(raw["until"])
  end
  return {
    ticket = raw.ticket,
    url = native.string_of(raw.url),
    headers = {
      ["Accept"] = native.optional(raw.accept),
      ["If-None-Match"] = native.optional(raw.etag),
      ["If-Modified-Since"] = native.optional(raw.last_modified),
    },
    most_bytes = tonumber(raw.most_bytes),
    timeout = raw.timeout,
  }
end

--- Tells a keeper, by this function of C, how a request ended. Returns the number of what changed, or
-- nil and what is wrong with the answer.
function M.answered(answer, handle, ticket, reply, now)
  local raw = ffi.new("jot_reply", { ffi.sizeof "jot_reply" })
  local fields = reply.fields or {}
  local views = native.keep(ffi.new("jot_field[?]", math.max(#native.keep(fields), 1)))
  for i, field in ipairs(fields) do
    local view = views[i - 1]
    view.name.ptr, view.name.len = field[1], #field[1]
    view.value.ptr, view.value.len = field[2], #field[2]
  end
  raw.outcome = OUTCOMES[reply.outcome] or error("jot: outcome: " .. tostring(reply.outcome), 3)
  raw.status, raw.fields, raw.field_count = reply.status or 0, views, #fields
  raw.body = native.view(reply.body)
  local change, why = ffi.new "uint32_t[1]", native.why()
  local is_done, fault = native.done(answer(handle, ticket, raw, native.instant(now), change, why), why)
  if not is_done then
    return nil, fault
  end
  return change[0]
end

local NO_INSTANT = -2 ^ 63

--- Returns an instant of a description; nil if there is none.
function M.instant(value)
  local seconds = tonumber(value)
  return seconds ~= NO_INSTANT and seconds or nil
end

--- Returns the name of what was wrong last; nil if nothing was.
function M.error_of(raw)
  return raw.error ~= 0 and native.name_of(raw.error) or nil
end

return M
