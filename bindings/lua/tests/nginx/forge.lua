--- Makes keys and signs tokens for the tests of nginx: reads a line of JSON for each, and writes a
-- line. `{"generate":NAME}` returns its public JWK Set,
-- `{"pem":NAME}` the key as PEM in JSON; `{"sign":NAME,"text":CLAIMS,"typ":TYP}` a token.
local cjson = require "cjson"
local jot = require "jot"

local signers = {}
for line in io.lines() do
  local asked = cjson.decode(line)
  if asked.generate then
    local name = asked.generate
    signers[name] = assert(jot.signer.generate(asked.algorithm or "ES256", { kid = name }))
    print(assert(assert(signers[name]:verifying_keys()):jwks()))
  elseif asked.pem then
    print(cjson.encode(assert(assert(signers[asked.pem]:verifying_keys()):pem(1))))
  else
    print(assert(signers[asked.sign]:sign(asked.text, { typ = asked.typ })))
  end
  io.stdout:flush()
end
