--- libjot: verifies JSON Web Tokens.
--
--     local jot = require "jot"
--     local keys = assert(jot.keys.read "/etc/keys.jwks")
--     local verifier = assert(jot.verifier {
--       algorithms = { "ES256" }, issuer = "https://issuer.example", audience = "api", keys = keys,
--     })
--     local token, rejection = verifier:verify(text)
--
-- Functions that can fail return nil, a sentence, and a fault with `code`, `name`, `member` and
-- `offset`. Mistakes of the program, such as a token that is a number, are raised.
local ffi = require "ffi"
local native = require "jot.native"

local M = {
  keys = native.export(require "jot.keys"),
  signer = native.export(require "jot.signer"),
  revocations = native.export(require "jot.revocations"),
  status_list = native.export(require "jot.status_list"),
  keeper = native.export(require "jot.keeper"),
  list_keeper = native.export(require "jot.list_keeper"),
  request = native.export(require "jot.request"),
}

--- Builds a verifier.
M.verifier = native.public(require("jot.builder").verifier)

--- Makes a verifier of tokens that come with their own key, such as proofs of DPoP.
M.self_signed = native.public(require("jot.self_signed").new)

--- Keys behind a URL, which a thread follows: not for nginx.
M.remote = native.public(require("jot.remote").new)

--- Makes a batch.
M.batch = native.public(require("jot.batch").new)

--- Reads a condition.
M.condition = native.public(require("jot.condition").parse)

--- Reads demands of calls, once for many.
M.demand = native.public(require("jot.demand").new)

--- What stands for JSON's null in what `view:get` returns.
M.null = require("jot.view").null

--- The numbers of the codes by their names.
M.codes = native.codes

--- Describes a code by its name: `code`, `name`, `stage`, `meaning`, `status`, `bearer_error`.
M.code = native.public(function(name)
  local code = native.codes[name]
  if not code then
    return nil, native.fault("argument_value", "name", "there is no code " .. tostring(name))
  end
  local bearer = native.C.jot_code_bearer_error(code)
  return {
    code = code,
    name = name,
    stage = ffi.string(native.C.jot_code_stage(code)),
    meaning = ffi.string(native.C.jot_code_meaning(code)),
    status = native.C.jot_code_http_status(code),
    bearer_error = bearer ~= nil and ffi.string(bearer) or nil,
  }
end)

--- The version of the library, and its file.
M.version = ffi.string(native.C.jot_version())
M.loaded_from = native.file

--- Returns for how many algorithms the process no longer uses accelerated code. It is 0 unless the
-- processor, the compiler or the code is faulty: tell somebody.
function M.backend_distrusted()
  return tonumber(native.C.jot_backend_distrusted())
end

return M
