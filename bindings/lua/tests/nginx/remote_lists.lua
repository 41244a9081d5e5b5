--- A program outside of nginx that follows the lists of an issuer: `luajit remote_lists.lua ISSUER` reads
-- tokens, a line each, and writes what becomes of them.
local jot = require "jot"

local issuer = arg[1]
local keys = assert(jot.remote {
  discover = issuer, allow_loopback = true, wait = 2, algorithms = { "ES256" }, proxy = "",
})
local options = { algorithms = { "ES256" }, allow_loopback = true, least_poll = 1 }
local revoked = assert(keys:revocations(issuer .. "/revocations", options))
local statuses = assert(keys:status_lists({ issuer .. "/status/" }, options))
local others = assert(keys:status_lists({ issuer .. "/other/" }, options))
local verifier = assert(jot.verifier {
  algorithms = { "ES256" }, audience = "api", issuer = issuer, keys = keys, check_status = true,
})
assert(verifier:follow(revoked))
assert(verifier:follow(statuses))
assert(verifier:follow(others))
assert(revoked:await(5))
keys, options = nil, nil
collectgarbage()
for line in io.lines() do
  local is_accepted, name = verifier:check(line)
  print(is_accepted and "accepted" or name, revoked:health().entries, #statuses:uris(), statuses:refused())
  io.stdout:flush()
end
assert(revoked:reason() == "" and revoked:refresh_now() and revoked:start() and #revoked:save() > 100)
assert(revoked:restore(revoked:save()))
local uri = statuses:uris()[1]
assert(statuses:health(uri).entries == 16 and statuses:reason(uri) == "" and statuses:await(1))
assert(statuses:refresh_now() and statuses:start())
assert(select(3, statuses:health "https://nobody").name == "status_list_unknown")
