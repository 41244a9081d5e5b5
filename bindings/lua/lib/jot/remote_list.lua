--- Lists that an issuer serves at URLs, its revocations and Token Status Lists, which threads of the library
-- follow: for programs outside of nginx. `jot.remote` makes them.
local ffi = require "ffi"
local keepers = require "jot.list_keeper"
local native = require "jot.native"
local options = require "jot.options"
local policies = require "jot.policy"

local C = native.C
local M = {}

local Revoked, Statuses = {}, {}
Revoked.__index, Statuses.__index = Revoked, Statuses

-- Returns the options of C, and the set of algorithms. `more` are the names of further options.
local function settings(given, more)
  if type(given) ~= "table" then
    return nil, options.fault("options", "a table is wanted, not a " .. type(given))
  end
  local of_keeper = {}
  for name, value in pairs(given) do
    if name ~= "algorithms" and not more[name] then
      of_keeper[name] = value
    end
  end
  local raw, fault = keepers.settings(of_keeper)
  if not raw then
    return nil, fault
  end
  local algs
  algs, fault = policies.algorithm_bits(given)
  if not algs then
    return nil, fault
  end
  return raw, algs
end

--- Follows the revocations at a URL. `remote`: the keys of the issuer that signs them. `given`:
-- `algorithms`; `issuer`, unless the keys were discovered by it; the options of `jot.list_keeper`.
function M.revocations(remote, url, given)
  native.expect(url, "string", "url")
  local raw, algs = settings(given, { issuer = true })
  if not raw then
    return nil, algs
  end
  local issuer, fault = options.text(given, "issuer")
  if fault then
    return nil, fault
  end
  local out, why = ffi.new "jot_remote_revocations *[1]", native.why()
  local code = C.jot_remote_revocations_new(remote.fetcher, native.view(url), remote.handle, native.view(issuer), algs,
    raw, out, why)
  local is_done
  is_done, fault = native.done(code, why)
  if not is_done then
    return nil, fault
  end
  return setmetatable({ handle = native.owned(out[0], C.jot_remote_revocations_free), remote = remote }, Revoked)
end

--- Follows status lists: those at `uris`, one or a list, and below a URI that ends with `/` each from the first
-- token on that names it. `given`: `algorithms`; `most` lists at a time; `forget_after` seconds; `wait`, for
-- how many seconds a token waits for its list (2); the options of `jot.list_keeper`.
function M.status_lists(remote, uris, given)
  local raw, algs = settings(given, { most = true, forget_after = true, wait = true })
  if not raw then
    return nil, algs
  end
  local texts, fault = options.texts({ uris = uris }, "uris")
  if not texts then
    return nil, fault
  end
  local wait
  wait, fault = options.wait(given)
  if not wait then
    return nil, fault
  end
  local places = ffi.new("jot_status_places", { ffi.sizeof "jot_status_places" })
  for _, name in ipairs { "most", "forget_after" } do
    local number, why = options.whole(given, name)
    if why then
      return nil, why
    end
    places[name] = number or 0
  end
  places.uris, places.count = native.views(texts)
  local out, why = ffi.new "jot_remote_status_lists *[1]", native.why()
  local code = C.jot_remote_status_lists_new(remote.fetcher, places, remote.handle, algs, raw, out, why)
  local is_done
  is_done, fault = native.done(code, why)
  if not is_done then
    return nil, fault
  end
  local handle = native.owned(out[0], C.jot_remote_status_lists_free)
  return setmetatable({ handle = handle, remote = remote, milliseconds = wait }, Statuses)
end

-- What both have. libjot without threads has none of these functions.
for kind, List in pairs { revocations = Revoked, status_lists = Statuses } do
  local call = function(name, ...) return native.done(C[("jot_remote_%s_%s"):format(kind, name)](...)) end

  --- Waits until the lists are in force, for so many seconds at most. Returns true, or nil and why they are not.
  function List:await(seconds)
    return call("wait", self.handle, math.floor((seconds or 2) * 1000))
  end

  --- Starts the threads in the child of a `fork`.
  function List:start()
    return call("start", self.handle)
  end

  --- Asks for a fetch as soon as possible: for operators, not for requests.
  function List:refresh_now()
    return call("refresh_now", self.handle)
  end

  -- For `verifier:follow`.
  function List:feed(verifier)
    return call("feed", self.handle, verifier.handle)
  end
end

local function described(call, ...)
  local raw = ffi.new("jot_list_health", { ffi.sizeof "jot_list_health" })
  local arguments = { ... }
  arguments[#arguments + 1] = raw
  local is_done, fault = native.done(call(unpack(arguments)))
  if not is_done then
    return nil, fault
  end
  return keepers.described(raw)
end

--- Describes how the list does; see `jot.list_keeper`.
function Revoked:health()
  return described(C.jot_remote_revocations_health, self.handle)
end

--- Returns what was wrong with the last fetch, "" if nothing was.
function Revoked:reason()
  return native.written(function(text) return C.jot_remote_revocations_reason(self.handle, text) end)
end

--- Returns the JWT of the list in force, "" if there is none: `restore` takes it after a start.
function Revoked:save()
  return native.written(function(text) return C.jot_remote_revocations_save(self.handle, text) end)
end

--- Goes on with what was saved. The keys that it was signed with must be there.
function Revoked:restore(saved)
  native.expect(saved, "string", "saved")
  return native.done(C.jot_remote_revocations_restore(self.handle, native.view(saved)))
end

-- There is no list of revocations that a token waits for: `await` is for the start.
function Revoked:retry(code)
  return code
end

--- Returns the URIs of the lists that are followed.
function Statuses:uris()
  local found = {}
  local text, fault = native.written(function(into) return C.jot_remote_status_lists_uris(self.handle, into) end)
  if not text then
    return nil, fault
  end
  for uri in text:gmatch "[^\n]+" do
    found[#found + 1] = uri
  end
  return found
end

--- Describes how the list at a URI does; see `jot.list_keeper`.
function Statuses:health(uri)
  native.expect(uri, "string", "uri")
  return described(C.jot_remote_status_lists_health, self.handle, native.view(uri))
end

--- Returns what was wrong with the last fetch of the list at a URI, "" if nothing was.
function Statuses:reason(uri)
  native.expect(uri, "string", "uri")
  return native.written(function(text)
    return C.jot_remote_status_lists_reason(self.handle, native.view(uri), text)
  end)
end

--- Returns how often a token named a list that could not be followed, because there were too many.
function Statuses:refused()
  return tonumber(C.jot_remote_status_lists_refused(self.handle))
end

-- For verifications: returns 0 if a token with this code is to be looked at again.
function Statuses:retry(code)
  return C.jot_remote_status_lists_retry(self.handle, code, self.milliseconds)
end

local OF_VERIFIERS = { feed = true, retry = true }
native.published(Revoked, OF_VERIFIERS)
native.published(Statuses, OF_VERIFIERS)

return M
