--- A program outside of nginx that follows the keys of issuers: `luajit remote.lua ISSUER...` reads
-- tokens, a line each, and writes what becomes of them.
local jot = require "jot"

local issuer_keys = {}
for _, issuer in ipairs(arg) do
  issuer_keys[issuer] = assert(jot.remote {
    discover = issuer, allow_loopback = true, cool_down = 1, wait = 2, algorithms = { "ES256" }, proxy = "",
  })
end
local verifier = assert(jot.verifier { algorithms = { "ES256" }, audience = "api", issuer_keys = issuer_keys })
for line in io.lines() do
  local token, rejection = verifier:verify(line)
  local health = issuer_keys[arg[1]]:health()
  print(token and "accepted" or rejection.name, health.keys, health.fetches)
  io.stdout:flush()
end
