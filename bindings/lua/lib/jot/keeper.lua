--- Follows the keys at a URL without socket, clock or timer: it says which request to make, and
-- takes what came of it. `jot.nginx` makes the requests in nginx.
local ffi = require "ffi"
local bit = require "bit"
local exchange = require "jot.exchange"
local keys = require "jot.keys"
local native = require "jot.native"
local options = require "jot.options"
local policies = require "jot.policy"

local C = native.C
local M = {}

local Keeper = {}
Keeper.__index = Keeper

local NUMBERS = {
  "fresh", "least_fresh", "most_fresh", "serve_stale_for", "cool_down", "timeout", "most_keys", "remembered",
  "most_bytes",
}
local FLAGS = { absent_twice = C.JOT_ABSENT_TWICE, allow_loopback = C.JOT_ALLOW_LOOPBACK }

--- The options of a keeper.
M.known = { algorithms = true, key_algorithm = true, allow_weak_keys = true }
for _, name in ipairs(NUMBERS) do
  M.known[name] = true
end
for name in pairs(FLAGS) do
  M.known[name] = true
end

--- Returns the options of C.
function M.settings(given)
  local raw = ffi.new("jot_keeper_options", { ffi.sizeof "jot_keeper_options" })
  C.jot_keeper_options_default(raw)
  local is_known, fault = options.known(given, M.known)
  if not is_known then
    return nil, fault
  end
  for _, name in ipairs(NUMBERS) do
    local number, why = options.whole(given, name)
    if why then
      return nil, why
    end
    if number then
      raw[name] = number
    end
  end
  for name, flag in pairs(FLAGS) do
    local is_set, why = options.flag(given, name)
    if why then
      return nil, why
    end
    raw.flags = is_set and bit.bor(raw.flags, flag) or raw.flags
  end
  if given.algorithms then
    local algs, why = policies.algorithm_bits(given)
    if not algs then
      return nil, why
    end
    raw.algs = algs
  end
  if given.key_algorithm then
    local alg, why = native.alg(given.key_algorithm)
    if not alg then
      return nil, why
    end
    raw.key_alg = alg
  end
  raw.key_flags = given.allow_weak_keys and C.JOT_ALLOW_WEAK_KEYS or 0
  return raw
end

local KINDS = { url = "", issuer = "_issuer", authorization_server = "_authorization_server" }

for kind, suffix in pairs(KINDS) do
  local new = C["jot_keeper_new" .. suffix]
  --- Follows the keys at a URL (`url`), those that the OpenID configuration of an issuer names
  -- (`issuer`), or those of an authorization server (`authorization_server`, RFC 8414). `seed`
  -- differs between processes.
  M[kind] = function(text, given, seed)
    native.expect(text, "string", kind)
    local raw, fault = M.settings(given or {})
    if not raw then
      return nil, fault
    end
    local out, why = ffi.new "jot_keeper *[1]", native.why()
    local is_done, reason = native.done(new(native.view(text), raw, seed or 0, out, why), why)
    if not is_done then
      return nil, reason
    end
    return setmetatable({
      handle = native.owned(out[0], C.jot_keeper_free),
      budget = native.owned(C.jot_budget_new(10, 60), C.jot_budget_free),
    }, Keeper)
  end
end

local CHANGES = {
  [C.JOT_CHANGE_KEYS] = "keys", [C.JOT_CHANGE_CONFIRMED] = "confirmed",
  [C.JOT_CHANGE_ELSEWHERE] = "elsewhere", [C.JOT_CHANGE_LATE] = "late",
}

--- Says what to do: returns a request to make, or nil and when to ask again. A request has
-- `ticket`, `url`, `headers`, `most_bytes` and `timeout`; do not follow redirects.
function Keeper:poll(now)
  return exchange.polled(C.jot_keeper_poll, self.handle, now)
end

--- Takes how a request ended: `outcome` (`replied`, `failed` or `timed_out`), and for a reply
-- `status`, `fields` (a list of `{ name, value }`) and `body`. Returns what changed: `keys`,
-- `confirmed`, `elsewhere` (poll now), `late`; or nil and what is wrong with the answer.
function Keeper:answer(ticket, reply, now)
  local change, fault = exchange.answered(C.jot_keeper_answer, self.handle, ticket, reply, now)
  if not change then
    return nil, fault
  end
  return CHANGES[change] or "late"
end

--- Returns the keys to verify with, a set. Where there are none, tokens are `keys_not_yet` or
-- `keys_stale` with it.
function Keeper:keys(now)
  local out = ffi.new "jot_key_set *[1]"
  assert(native.done(C.jot_keeper_keys(self.handle, native.instant(now), out)))
  return keys.of(out[0])
end

--- Asks for a fetch because of a token that is `kid_unknown`. Returns true if one is due or under
-- way, and false if the token is refused without one.
function Keeper:unknown_kid(now)
  local pending = ffi.new "uint32_t[1]"
  assert(native.done(C.jot_keeper_unknown_kid(self.handle, self.budget, native.instant(now), pending)))
  return pending[0] == 1
end

--- Takes another seed, and plans the next fetch anew: for the child of a `fork`.
function Keeper:reseed(seed)
  return native.done(C.jot_keeper_reseed(self.handle, seed))
end

--- Asks for a fetch as soon as possible: for operators, not for requests.
function Keeper:refresh_now(now)
  return native.done(C.jot_keeper_refresh_now(self.handle, native.instant(now)))
end

--- Returns what another process goes on with: `restore` takes it.
function Keeper:save()
  return native.written(function(text) return C.jot_keeper_save(self.handle, text) end)
end

--- Goes on from what another process saved.
function Keeper:restore(saved)
  native.expect(saved, "string", "saved")
  local why = native.why()
  return native.done(C.jot_keeper_restore(self.handle, native.view(saved), why), why)
end

--- Describes how the keys do: `last_success`, `fresh_until`, `next_fetch`, `error` (a code's name),
-- `failures`, `fetches`, `successes`, `refused`, `keys`.
function Keeper:health()
  local raw = ffi.new("jot_health", { ffi.sizeof "jot_health" })
  assert(native.done(C.jot_keeper_health(self.handle, raw)))
  return M.described(raw)
end

function M.described(raw)
  return {
    last_success = exchange.instant(raw.last_success),
    fresh_until = exchange.instant(raw.fresh_until),
    next_fetch = exchange.instant(raw.next_fetch),
    error = exchange.error_of(raw),
    failures = raw.failures,
    fetches = tonumber(raw.fetches),
    successes = tonumber(raw.successes),
    refused = tonumber(raw.refused),
    keys = tonumber(raw.keys),
  }
end

native.published(Keeper)

return M
