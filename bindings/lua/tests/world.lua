--- A signer, its keys, rules and claims for the tests.
local jot = require "jot"

local M = { ISSUER = "https://issuer.example", NOW = 1800000000 }

M.signer = assert(jot.signer.generate("ES256", { kid = "k" }))
M.keys = assert(M.signer:verifying_keys())

--- Returns the options of a verifier, with these besides.
function M.rules(more)
  local given = { algorithms = { "ES256" }, issuer = M.ISSUER, audience = "api", keys = M.keys }
  for name, value in pairs(more or {}) do
    given[name] = value
  end
  return given
end

--- Returns claims, with these besides.
function M.claims(more)
  local made = { iss = M.ISSUER, aud = "api", sub = "alice", exp = M.NOW + 60, scope = "read" }
  for name, value in pairs(more or {}) do
    made[name] = value
  end
  return made
end

M.verifier = assert(jot.verifier(M.rules()))
M.good = assert(M.signer:sign(M.claims()))

return M
