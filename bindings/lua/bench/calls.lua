--- Measures single calls: µs of CPU time for each, the best of seven turns.
local jot = require "jot"

local ISSUER, NOW = "https://issuer.example", 1800000000
local ALGORITHMS = { "RS256", "ES256", "EdDSA", "HS256" }

local function claims(i)
  return {
    iss = ISSUER, aud = "api", sub = "user-" .. i, jti = "token-" .. i, iat = NOW - 10, nbf = NOW - 10, exp = NOW + 600,
    scope = "read write", email = "user@example.org", groups = { "staff", "admin" },
  }
end

local function verifier_of(algorithm, keys, more)
  local given = { algorithms = algorithm, issuer = ISSUER, audience = "api", keys = keys }
  for name, value in pairs(more or {}) do
    given[name] = value
  end
  return assert(jot.verifier(given))
end

-- Checks the answer before it is timed.
local function measured(call, count)
  assert(call(1))
  local best = math.huge
  for _ = 1, 7 do
    local begun = os.clock()
    for i = 1, count do
      call(i)
    end
    best = math.min(best, (os.clock() - begun) / count)
  end
  return best * 1e6
end

local ROWS = {
  { "`check`", function(w) return function() return w.plain:check(w.text, NOW) end, 2000 end },
  { "`verify`", function(w) return function() return w.plain:verify(w.text, NOW) end, 2000 end },
  { "`verify`, and a claim of `claims`", function(w)
    return function() return w.plain:verify(w.text, NOW).claims.sub end, 2000
  end },
  { "`read` of a claim", function(w)
    local function reader(view) return view:text "sub" end
    return function() return w.plain:read(w.text, reader, NOW) end, 2000
  end },
  { "`check`, accelerated", function(w) return function() return w.fast:check(w.text, NOW) end, 5000 end },
  { "`verify`, accelerated", function(w) return function() return w.fast:verify(w.text, NOW) end, 5000 end },
  { "`check`, cached", function(w) return function() return w.cached:check(w.text, NOW) end, 100000 end },
  { "`verify`, cached", function(w) return function() return w.cached:verify(w.text, NOW) end, 50000 end },
  { "`check` of 1,000 tokens in turn, accelerated, a cache for 16", function(w)
    return function(i) return w.small:check(w.texts[i % 1000 + 1], NOW) end, 5000
  end },
  { "1,000 tokens: a batch, accelerated, one thread, for each token", function(w)
    local batch = assert(jot.batch(1))
    return function() return assert(batch:verify(w.fast, w.texts, NOW)).accepted == 1000 end, 3, 1000
  end },
  { "a token that is refused: `verify`, expired", function(w)
    return function() return select(2, w.plain:verify(w.text, NOW + 600)) end, 2000
  end },
}

local found = {}
for _, algorithm in ipairs(ALGORITHMS) do
  local signer = assert(jot.signer.generate(algorithm))
  local keys = assert(signer:verifying_keys())
  local world = {
    plain = verifier_of(algorithm, keys),
    fast = verifier_of(algorithm, keys, { backend = "accelerated" }),
    cached = verifier_of(algorithm, keys, { cache_entries = 1000 }),
    small = verifier_of(algorithm, keys, { cache_entries = 16, backend = "accelerated" }),
    texts = {},
  }
  for i = 1, 1000 do
    world.texts[i] = assert(signer:sign(claims(i)))
  end
  world.text = world.texts[1]
  for i, row in ipairs(ROWS) do
    local call, count, each = row[2](world)
    found[i] = found[i] or {}
    found[i][#found[i] + 1] = measured(call, count) / (each or 1)
  end
end

print("| µs of CPU time | " .. table.concat(ALGORITHMS, " | ") .. " |")
print("|---|" .. ("--:|"):rep(#ALGORITHMS))
for i, row in ipairs(ROWS) do
  local cells = {}
  for j, value in ipairs(found[i]) do
    cells[j] = (value < 10 and "%.2f" or "%.1f"):format(value)
  end
  print("| " .. row[1] .. " | " .. table.concat(cells, " | ") .. " |")
end
