--- Follows a list that an issuer serves as a signed JWT, its revocations or a Token Status List, without
-- socket, clock or timer, as `jot.keeper` follows keys. `jot.nginx` makes the requests in nginx.
local ffi = require "ffi"
local bit = require "bit"
local exchange = require "jot.exchange"
local native = require "jot.native"
local options = require "jot.options"

local C = native.C
local M = {}

local ListKeeper = {}
ListKeeper.__index = ListKeeper

local NUMBERS = {
  "poll", "least_poll", "most_poll", "serve_stale_for", "timeout", "most_entries", "most_bytes",
}
local FLAGS = { start_without_list = C.JOT_START_WITHOUT_LIST, allow_loopback = C.JOT_LIST_ALLOW_LOOPBACK }

--- The options of a keeper of a list.
M.known = {}
for _, name in ipairs(NUMBERS) do
  M.known[name] = true
end
for name in pairs(FLAGS) do
  M.known[name] = true
end

--- Returns the options of C.
function M.settings(given)
  local raw = ffi.new("jot_list_options", { ffi.sizeof "jot_list_options" })
  local is_known, fault = options.known(given, M.known)
  if not is_known then
    return nil, fault
  end
  for _, name in ipairs(NUMBERS) do
    local number, why = options.whole(given, name)
    if why then
      return nil, why
    end
    raw[name] = number or 0
  end
  for name, flag in pairs(FLAGS) do
    local is_set, why = options.flag(given, name)
    if why then
      return nil, why
    end
    raw.flags = is_set and bit.bor(raw.flags, flag) or raw.flags
  end
  return raw
end

for _, kind in ipairs { "revocations", "status_list" } do
  local new = C["jot_list_keeper_new_" .. kind]
  --- Follows the revocations at a URL, or the status list at a URI. `lists` says which lists count: a
  -- verifier with `revocation_list = true` or `status_list = true` and the keys of the issuer. `seed`
  -- differs between processes.
  M[kind] = function(text, lists, given, seed)
    native.expect(text, "string", "url")
    native.expect(lists, "table", "lists")
    local raw, fault = M.settings(given or {})
    if not raw then
      return nil, fault
    end
    local out, why = ffi.new "jot_list_keeper *[1]", native.why()
    local is_done, reason = native.done(new(native.view(text), lists.handle, raw, seed or 0, out, why), why)
    if not is_done then
      return nil, reason
    end
    return setmetatable({ handle = native.owned(out[0], C.jot_list_keeper_free) }, ListKeeper)
  end
end

local CHANGES = {
  [C.JOT_CHANGE_LIST] = "list", [C.JOT_CHANGE_CONFIRMED] = "confirmed",
  [C.JOT_CHANGE_ELSEWHERE] = "elsewhere", [C.JOT_CHANGE_LATE] = "late",
}

--- Says what to do, as `poll` of `jot.keeper` does.
function ListKeeper:poll(now)
  return exchange.polled(C.jot_list_keeper_poll, self.handle, now)
end

--- Takes how a request ended, as `answer` of `jot.keeper` does. Returns what changed: `list`,
-- `confirmed`, `elsewhere` (poll now), `late`; or nil and what is wrong with the answer or its list, as
-- if the list were a token. Then feed the verifiers.
function ListKeeper:answer(ticket, reply, now)
  local change, fault = exchange.answered(C.jot_list_keeper_answer, self.handle, ticket, reply, now)
  if not change then
    return nil, fault
  end
  return CHANGES[change] or "late"
end

--- Gives a verifier what it is to have now: the list, or what stands in its place while there is none.
function ListKeeper:feed(verifier, now)
  return native.done(C.jot_list_keeper_feed(self.handle, verifier.handle, native.instant(now)))
end

--- Asks for a fetch as soon as possible.
function ListKeeper:refresh_now(now)
  return native.done(C.jot_list_keeper_refresh_now(self.handle, native.instant(now)))
end

--- Takes another seed, and plans the next fetch anew: for the child of a `fork`.
function ListKeeper:reseed(seed)
  return native.done(C.jot_list_keeper_reseed(self.handle, seed))
end

--- Returns the JWT of the list in force, "" if there is none: `restore` takes it.
function ListKeeper:save()
  return native.written(function(text) return C.jot_list_keeper_save(self.handle, text) end)
end

--- Goes on with what another process saved. The keys that it was signed with must be there.
function ListKeeper:restore(saved, now)
  native.expect(saved, "string", "saved")
  return native.done(C.jot_list_keeper_restore(self.handle, native.view(saved), native.instant(now)))
end

--- Describes how the list does: `last_success`, `issued_at`, `expires_at`, `next_fetch`, `error` (a code's
-- name), `failures`, `fetches`, `successes`, `entries`.
function ListKeeper:health()
  local raw = ffi.new("jot_list_health", { ffi.sizeof "jot_list_health" })
  assert(native.done(C.jot_list_keeper_health(self.handle, raw)))
  return M.described(raw)
end

function M.described(raw)
  return {
    last_success = exchange.instant(raw.last_success),
    issued_at = exchange.instant(raw.issued_at),
    expires_at = exchange.instant(raw.expires_at),
    next_fetch = exchange.instant(raw.next_fetch),
    error = exchange.error_of(raw),
    failures = raw.failures,
    fetches = tonumber(raw.fetches),
    successes = tonumber(raw.successes),
    entries = tonumber(raw.entries),
  }
end

native.published(ListKeeper)

return M
