--- Verifiers: rules and keys, ready to verify.
local ffi = require "ffi"
local demands = require "jot.demand"
local native = require "jot.native"
local tokens = require "jot.token"
local views = require "jot.view"

local C = native.C
local M = {}

local Verifier = {}
Verifier.__index = Verifier
M.Verifier = Verifier

-- The buffers of one verification at a time. No call of C yields, so a Lua state needs one; the
-- functions that claims are lent to may yield, and have others.
local function new_scratch()
  return native.owned(C.jot_scratch_new(), C.jot_scratch_free)
end

local function new_verdict()
  return ffi.new("jot_verdict", { ffi.sizeof "jot_verdict" })
end

local scratch, verdict = new_scratch(), new_verdict()
local lent = {}

local ACCEPTED, TOKEN_NULL = C.JOT_ACCEPTED, C.JOT_TOKEN_NULL
local FIRST_MISUSE, LAST_MISUSE = C.JOT_ARGUMENT_NULL, C.JOT_VALUE_STALE

-- The functions of C that take a token, called with its text and its length.
local verify, check, verify_for
if native.is_flat then
  verify, check, verify_for = C.jot_verifier_verify_flat, C.jot_verifier_check_flat, C.jot_verifier_verify_for_flat
else
  local function with_view(call)
    return function(handle, text, _, ...)
      return call(handle, native.view(text), ...)
    end
  end
  verify, check = with_view(C.jot_verifier_verify), with_view(C.jot_verifier_check)
  verify_for = with_view(C.jot_verifier_verify_for)
end

-- What a fetch may bring to a token that was rejected with these codes.
local AWAITED = {
  [C.JOT_KID_UNKNOWN] = "keys", [C.JOT_KEYS_NOT_YET] = "keys", [C.JOT_KEYS_STALE] = "keys",
  [C.JOT_STATUS_LIST_NOT_YET] = "list",
}

-- Waits for a fetch that may help a token that was rejected with this code; returns 0 if it is to be
-- looked at again, and otherwise the code to answer with.
local function awaited(verifier, text, code, room)
  if AWAITED[code] == "list" then
    -- Nobody knows whose list it is: all are waited for.
    local last = code
    for _, list in ipairs(verifier.followed) do
      if list:retry(code) == ACCEPTED then
        last = ACCEPTED
      end
    end
    return last
  end
  local remotes, index = verifier.remotes, 1
  if #remotes > 1 then
    local place = ffi.new "uint32_t[1]"
    if C.jot_verifier_unverified_issuer(verifier.handle, native.view(text), room, place) ~= ACCEPTED then
      return code
    end
    index = place[0] + 1
  end
  local remote = remotes[index]
  return remote and remote:retry(code) or code
end

-- Returns the code of a token. What is wrong with the call is raised, and is no verdict.
local function judged(verifier, call, text, now, demanded, room, known, waited)
  if type(text) ~= "string" then
    error("jot: token: a string is wanted, not a " .. type(text), 3)
  end
  local code
  if demanded then
    code = verify_for(verifier.handle, text, #text, now, demanded.raw, room, known)
    if code == ACCEPTED then
      code = demanded:judge(room)
    end
  else
    code = call(verifier.handle, text, #text, now, room, known)
  end
  local what = AWAITED[code]
  local source = what == "keys" and verifier.remotes or what == "list" and verifier.followed
  if source and not (waited and waited[what]) then
    local answer = awaited(verifier, text, code, room)
    if answer == ACCEPTED then
      waited = waited or {}
      waited[what] = true
      return judged(verifier, call, text, now, demanded, room, known, waited)
    end
    code = answer
  end
  if code >= FIRST_MISUSE and code <= LAST_MISUSE then
    error("jot: " .. ffi.string(C.jot_code_meaning(code)), 3)
  end
  return code
end

--- Verifies a token. Returns the token, or nil and why it is rejected. A token that is nil is one
-- that is not there, `token_null`. `now`, in seconds since 1970, replaces the clock.
-- `demanded`: further demands, a table or what `jot.demand` made of one.
function Verifier:verify(text, now, demanded)
  local asked = demanded and demands.of(demanded)
  now = native.instant(now)
  if text == nil then
    return nil, tokens.rejected(TOKEN_NULL)
  end
  local code = judged(self, verify, text, now, asked, scratch, verdict)
  if code == ACCEPTED then
    return tokens.accepted(verdict)
  end
  return nil, tokens.rejected(code, verdict, text)
end

--- Verifies a token for programs that need no claims: the fastest call. Returns true, or nil, the
-- name of the code and its number.
function Verifier:check(text, now, demanded)
  local asked = demanded and demands.of(demanded)
  now = native.instant(now)
  local code = TOKEN_NULL
  if text ~= nil then
    code = judged(self, check, text, now, asked, scratch, nil)
  end
  if code == ACCEPTED then
    return true
  end
  return nil, ffi.string(C.jot_code_name(code)), code
end

local function gave_back(room, view, is_done, ...)
  view.scratch, view.verdict = nil, nil
  lent[#lent + 1] = room
  if not is_done then
    error((...), 0)
  end
  return ...
end

--- Verifies a token and lends its claims to a function, which reads them where the engine has
-- them. Returns what the function returns, or nil and why the token is rejected.
function Verifier:read(text, reader, now, demanded)
  native.expect(reader, "function", "reader")
  local asked = demanded and demands.of(demanded)
  now = native.instant(now)
  if text == nil then
    return nil, tokens.rejected(TOKEN_NULL)
  end
  local room = table.remove(lent) or { scratch = new_scratch(), verdict = new_verdict() }
  local code = judged(self, verify, text, now, asked, room.scratch, room.verdict)
  if code ~= ACCEPTED then
    local rejection = tokens.rejected(code, room.verdict, text)
    lent[#lent + 1] = room
    return nil, rejection
  end
  local view = views.new(room.scratch, room.verdict)
  return gave_back(room, view, pcall(reader, view))
end

--- Verifies a JWS whose payload need not be claims: no rule over claims or dates is checked.
-- `issuer` selects the keys; `detached` is the payload of a token that does not carry it. Returns
-- the payload, or nil and why the token is rejected.
function Verifier:verify_jws(text, issuer, detached)
  native.expect(text, "string", "token")
  local code = C.jot_verifier_verify_jws(self.handle, native.view(text), native.view(issuer),
    native.view(detached), scratch, verdict)
  if code == ACCEPTED then
    return native.string_of(verdict.payload)
  end
  if code >= FIRST_MISUSE and code <= LAST_MISUSE then
    error("jot: " .. ffi.string(C.jot_code_meaning(code)), 2)
  end
  return nil, tokens.rejected(code, verdict, text)
end

--- Replaces the keys of an issuer, or of the only key set if `issuer` is nil.
function Verifier:replace_keys(keys, issuer)
  local why = native.why()
  return native.done(C.jot_verifier_replace_keys(self.handle, native.view(issuer), keys.handle, why), why)
end

--- Returns the current keys.
function Verifier:keys(issuer)
  local out = ffi.new "jot_key_set *[1]"
  local is_done, fault = native.done(C.jot_verifier_keys(self.handle, native.view(issuer), out))
  if not is_done then
    return nil, fault
  end
  return require("jot.keys").of(out[0])
end

--- Returns which of its issuers, counted from 1, a token claims to be of. Anybody can write that:
-- it says whose keys to fetch, and decides nothing else.
function Verifier:unverified_issuer(text)
  local index = ffi.new "uint32_t[1]"
  local code = C.jot_verifier_unverified_issuer(self.handle, native.view(text), scratch, index)
  return code == ACCEPTED and index[0] + 1 or nil
end

--- Replaces the revocations.
function Verifier:set_revocations(revocations)
  return native.done(C.jot_verifier_set_revocations(self.handle, revocations.handle))
end

--- Returns a copy of the current revocations.
function Verifier:revocations()
  local out = ffi.new "jot_revocations *[1]"
  local is_done, fault = native.done(C.jot_verifier_revocations(self.handle, out))
  if not is_done then
    return nil, fault
  end
  return require("jot.revocations").of(out[0])
end

--- Adds a status list, or replaces the one with the same URI.
function Verifier:put_status_list(list)
  return native.done(C.jot_verifier_put_status_list(self.handle, list.handle))
end

--- Obeys a list that is followed at its URL, from now on: what `revocations` or `status_lists` of
-- `jot.remote` returned. Revocations that were set before are replaced. For status lists the verifier needs
-- `check_status` or `require_status`.
function Verifier:follow(list)
  local is_done, fault = list:feed(self)
  if not is_done then
    return nil, fault
  end
  self.followed = self.followed or {}
  self.followed[#self.followed + 1] = list
  return true
end

--- Returns the counters: `accepted`, `refused`, `cache_hits`, `cache_misses`, `cache_evictions`,
-- `cache_bytes`.
function Verifier:statistics()
  local raw = ffi.new("jot_statistics", { ffi.sizeof "jot_statistics" })
  local is_done, fault = native.done(C.jot_verifier_statistics(self.handle, raw))
  if not is_done then
    return nil, fault
  end
  return {
    accepted = tonumber(raw.accepted),
    refused = tonumber(raw.refused),
    cache_hits = tonumber(raw.cache_hits),
    cache_misses = tonumber(raw.cache_misses),
    cache_evictions = tonumber(raw.cache_evictions),
    cache_bytes = tonumber(raw.cache_bytes),
  }
end

--- Returns how often a code was the verdict.
function Verifier:verdicts(name)
  local code = native.codes[name] or error("jot: there is no code " .. tostring(name), 2)
  return tonumber(C.jot_verifier_verdicts(self.handle, code))
end

--- Returns the counters in the text format of Prometheus.
function Verifier:prometheus()
  return native.written(function(text) return C.jot_verifier_prometheus(self.handle, text) end)
end

--- Returns the name of the code that verifies signatures under an algorithm, such as `aws-lc`.
function Verifier:backend(algorithm)
  local alg, fault = native.alg(algorithm)
  if not alg then
    return nil, fault
  end
  return native.optional(C.jot_verifier_backend_name(self.handle, alg))
end

--- Frees the verifier now. What uses it later raises an error.
function Verifier:close()
  native.close(self, C.jot_verifier_free)
end

--- Takes a verifier that C made.
function M.of(handle)
  return setmetatable({ handle = native.owned(handle, C.jot_verifier_free) }, Verifier)
end

native.published(Verifier, { verify = true, check = true, read = true, verify_jws = true })

return M
