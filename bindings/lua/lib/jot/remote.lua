--- Keys behind a URL that a thread of the library follows, for programs outside of nginx: a token
-- with an unknown `kid` waits for a fetch, and the whole Lua state with it.
local ffi = require "ffi"
local keepers = require "jot.keeper"
local keys = require "jot.keys"
local native = require "jot.native"
local options = require "jot.options"
local lists = require "jot.remote_list"

local C = native.C
local M = {}

local Remote = {}
Remote.__index = Remote
M.Remote = Remote

local KNOWN = { url = true, discover = true, authorities = true, proxy = true, wait = true }
for name in pairs(keepers.known) do
  KNOWN[name] = true
end

local function fetcher_of(given)
  local raw = ffi.new("jot_fetcher_options", { ffi.sizeof "jot_fetcher_options" })
  for _, name in ipairs { "authorities", "proxy" } do
    local text, fault = options.text(given, name)
    if fault then
      return nil, fault
    end
    raw[name] = native.view(text)
  end
  local out, why = ffi.new "jot_fetcher *[1]", native.why()
  local is_done, fault = native.done(C.jot_fetcher_new(raw, out, why), why)
  if not is_done then
    return nil, fault
  end
  return native.owned(out[0], C.jot_fetcher_free)
end

--- Follows the keys at `url`, or those that the OpenID configuration of the issuer `discover` names.
-- `wait`: for how many seconds a token waits (2); `authorities`, certificates in PEM in the place of
-- Mozilla's; `proxy`; the options of `jot.keeper`.
function M.new(given)
  local is_known, fault = options.known(given, KNOWN)
  if not is_known then
    return nil, fault
  end
  if not pcall(function() return C.jot_fetcher_new end) then
    return nil, native.other("fetch_missing", native.file .. " does not fetch; libjot_fetch.so does")
  end
  if (given.url == nil) == (given.discover == nil) then
    return nil, options.fault("url", "either url or discover is wanted")
  end
  local wait
  wait, fault = options.wait(given)
  if not wait then
    return nil, fault
  end
  local of_keeper = {}
  for name in pairs(keepers.known) do
    of_keeper[name] = given[name]
  end
  local raw, fetcher
  raw, fault = keepers.settings(of_keeper)
  if not raw then
    return nil, fault
  end
  fetcher, fault = fetcher_of(given)
  if not fetcher then
    return nil, fault
  end
  local new, place = C.jot_remote_keys_new, given.url
  if given.discover then
    new, place = C.jot_remote_keys_discover, given.discover
  end
  native.expect(place, "string", "url")
  local out, why = ffi.new "jot_remote_keys *[1]", native.why()
  local is_done
  is_done, fault = native.done(new(fetcher, native.view(place), raw, out, why), why)
  if not is_done then
    return nil, fault
  end
  return setmetatable({
    handle = native.owned(out[0], C.jot_remote_keys_free), fetcher = fetcher, milliseconds = wait,
  }, Remote)
end

--- Waits for the first keys, for so many seconds at most. Returns true, or nil and why there are none.
function Remote:await(seconds)
  return native.done(C.jot_remote_keys_wait(self.handle, math.floor((seconds or 2) * 1000)))
end

--- Asks for a fetch as soon as possible: for operators, not for requests.
function Remote:refresh_now()
  return native.done(C.jot_remote_keys_refresh_now(self.handle))
end

--- Starts the thread in the child of a `fork`.
function Remote:start()
  return native.done(C.jot_remote_keys_start(self.handle))
end

--- Describes how the keys do; see `jot.keeper`.
function Remote:health()
  local raw = ffi.new("jot_health", { ffi.sizeof "jot_health" })
  assert(native.done(C.jot_remote_keys_health(self.handle, raw)))
  return keepers.described(raw)
end

--- Follows the revocations that the issuer of these keys serves at a URL. `given`: `algorithms`, of
-- their signatures; `issuer`, unless the keys were discovered by it; the options of `jot.list_keeper`.
-- `verifier:follow` has a verifier obey them.
function Remote:revocations(url, given)
  return lists.revocations(self, url, given)
end

--- Follows the Token Status Lists at `uris`, one or several, and below those that end with `/` the ones
-- that tokens name. `given`: `algorithms`, of their signatures; `most`, `forget_after`, `wait`; the
-- options of `jot.list_keeper`. `verifier:follow` has a verifier obey them.
function Remote:status_lists(uris, given)
  return lists.status_lists(self, uris, given)
end

-- What follows is for the verifier.

function Remote:set()
  local out = ffi.new "jot_key_set *[1]"
  assert(native.done(C.jot_remote_keys_set(self.handle, out)))
  return keys.of(out[0])
end

function Remote:feed(verifier, issuer)
  local why = native.why()
  return native.done(C.jot_remote_keys_feed(self.handle, verifier.handle, native.view(issuer), why), why)
end

function Remote:retry(code)
  return C.jot_remote_keys_retry(self.handle, code, self.milliseconds)
end

native.published(Remote, { retry = true, set = true })

return M
