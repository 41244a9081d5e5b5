--- Many tokens at once.
local ffi = require "ffi"
local bit = require "bit"
local audits = require "jot.audit"
local native = require "jot.native"

local C = native.C
local M = {}

local Batch = {}
Batch.__index = Batch
local Verdicts = {}
Verdicts.__index = Verdicts

--- Makes a batch that works on this many threads: 1, if nothing is said, is the calling one; 0 is
-- one for each processor. A batch with threads must be made after the last `fork`, in nginx
-- in the worker.
function M.new(threads)
  local out, why = ffi.new "jot_batch *[1]", native.why()
  local is_done, fault = native.done(C.jot_batch_new(threads or 1, out, why), why)
  if not is_done then
    return nil, fault
  end
  return setmetatable({ handle = native.owned(out[0], C.jot_batch_free) }, Batch)
end

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

-- Writes bytes in base64url, as thumbprints are written.
local function base64url(bytes, count)
  local parts, held, bits = {}, 0, 0
  for i = 0, count - 1 do
    held, bits = held * 256 + bytes[i], bits + 8
    while bits >= 6 do
      bits = bits - 6
      local index = math.floor(held / 2 ^ bits)
      held = held - index * 2 ^ bits
      parts[#parts + 1] = ALPHABET:sub(index + 1, index + 1)
    end
  end
  if bits > 0 then
    local index = held * 2 ^ (6 - bits)
    parts[#parts + 1] = ALPHABET:sub(index + 1, index + 1)
  end
  return table.concat(parts)
end

local function column(tokens, name)
  local slices = ffi.new("jot_slice[?]", math.max(#tokens, 1))
  for i = 1, #tokens do
    local token = tokens[i]
    if type(token) == "string" then
      slices[i - 1].ptr, slices[i - 1].len = token, #token
    elseif token then
      error(("jot: %s[%d]: a string is wanted, not a %s"):format(name, i, type(token)), 4)
    end
  end
  return slices
end

-- Returns a list of texts as C has a column of tokens.
local function input_of(texts, name)
  local slices = native.keep(column(native.keep(texts), name))
  return ffi.new("jot_tokens", { ffi.sizeof "jot_tokens", C.JOT_SLICES, 0, #texts, slices })
end

-- Returns the instants of all rows, if there is a list of them, as two columns: the instants, and which of
-- them are known. false is one that is not.
local function instants(given, count)
  if #given ~= count then
    error(("jot: now: %d instants are wanted, and not %d"):format(count, #given), 3)
  end
  local as_of, known = ffi.new("int64_t[?]", math.max(count, 1)), ffi.new("uint8_t[?]", math.max(count, 1))
  for i = 1, count do
    if given[i] then
      as_of[i - 1], known[i - 1] = native.instant(given[i]), 1
    end
  end
  return native.keep(as_of), native.keep(known)
end

--- Verifies a list of tokens; an element that is false is a row without a token. `now` is one
-- instant for all, or a list with one for each row, which is false where nobody knows it. `audit = true`
-- keeps what an audit shows of each row. Returns the verdicts in the order of the tokens.
function Batch:verify(verifier, tokens, now, audit)
  native.expect(tokens, "table", "tokens")
  local count, why = #tokens, native.why()
  local input = input_of(tokens, "tokens")
  local settings = ffi.new("jot_batch_options", { ffi.sizeof "jot_batch_options" })
  if type(now) == "table" then
    settings.as_of, settings.as_of_known = instants(now, count)
  else
    settings.now = native.instant(now)
  end
  local room = math.max(count, 1)
  local verdicts = {
    codes = ffi.new("uint32_t[?]", room),
    flags = ffi.new("uint8_t[?]", room),
    issuers = ffi.new("uint32_t[?]", room),
    keys = ffi.new("uint32_t[?]", room),
    expiries = ffi.new("int64_t[?]", room),
    firsts = ffi.new("uint32_t[?]", room),
  }
  local columns = ffi.new("jot_columns", { ffi.sizeof "jot_columns" })
  columns.codes, columns.flags = verdicts.codes, verdicts.flags
  columns.issuer_index, columns.key_index = verdicts.issuers, verdicts.keys
  columns.expires_at, columns.first_row = verdicts.expiries, verdicts.firsts
  if audit then
    verdicts.audited = audits.columns(columns, room)
  end
  local report = ffi.new("jot_batch_report", { ffi.sizeof "jot_batch_report" })
  local code = C.jot_batch_verify(self.handle, verifier.handle, input, settings, columns, report, why)
  local is_done, fault = native.done(code, why)
  if not is_done then
    return nil, fault
  end
  verdicts.count, verdicts.accepted = tonumber(report.rows), tonumber(report.accepted)
  verdicts.distinct = tonumber(report.distinct)
  if audit then
    is_done, fault = audits.take(verdicts.audited, self.handle)
    if not is_done then
      return nil, fault
    end
  end
  return setmetatable(verdicts, Verdicts)
end

--- Verifies a list of tokens with the keys that come with them, by a verifier of `jot.self_signed`, or each
-- with the JWK of its row in `keys`, a list of texts. Returns two lists: the thumbprint of each row, false
-- where its key did not sign it; and the name of its code, `self_signed` or why not. Equal tokens are
-- verified each.
function Batch:verify_self_signed(verifier, tokens, keys)
  native.expect(tokens, "table", "tokens")
  local count, why = #tokens, native.why()
  local input, own = input_of(tokens, "tokens"), nil
  if keys ~= nil then
    own = input_of(native.expect(keys, "table", "keys"), "keys")
  end
  local codes, digests = ffi.new("uint32_t[?]", math.max(count, 1)), ffi.new("uint8_t[?]", math.max(32 * count, 1))
  local columns = ffi.new("jot_selfsigned_columns", { ffi.sizeof "jot_selfsigned_columns", codes, digests })
  local code = C.jot_batch_verify_selfsigned(self.handle, verifier.handle, input, own, columns, why)
  local is_done, fault = native.done(code, why)
  if not is_done then
    return nil, fault
  end
  local thumbprints, names = {}, {}
  for i = 1, count do
    names[i] = native.name_of(codes[i - 1])
    thumbprints[i] = codes[i - 1] == C.JOT_SELF_SIGNED and base64url(digests + 32 * (i - 1), 32)
  end
  return thumbprints, names
end

local function at(verdicts, row)
  if type(row) ~= "number" or row ~= math.floor(row) or row < 1 or row > verdicts.count then
    error("jot: there is no row " .. tostring(row), 3)
  end
  return row - 1
end

--- Returns the name of the code of a row, counted from 1, and its number.
function Verdicts:code(row)
  local code = self.codes[at(self, row)]
  return ffi.string(C.jot_code_name(code)), code
end

--- Tells whether the token of a row is accepted.
function Verdicts:is_accepted(row)
  return self.codes[at(self, row)] == C.JOT_ACCEPTED
end

--- Tells whether its signature held.
function Verdicts:signature_ok(row)
  return bit.band(self.flags[at(self, row)], C.JOT_SIGNATURE_OK) ~= 0
end

--- Returns when it expires; nil if that is not known.
function Verdicts:expires_at(row)
  local index = at(self, row)
  return bit.band(self.flags[index], C.JOT_HAS_EXP) ~= 0 and tonumber(self.expiries[index]) or nil
end

local function index_of(numbers, index)
  return numbers[index] ~= native.NONE and numbers[index] + 1 or nil
end

--- Returns the issuer whose key verified, counted from 1; nil if none did.
function Verdicts:issuer_index(row)
  return index_of(self.issuers, at(self, row))
end

--- Returns the key that verified, counted from 1; nil if none did.
function Verdicts:key_index(row)
  return index_of(self.keys, at(self, row))
end

--- Returns the first row with the same token; nil for a row without one.
function Verdicts:first_row(row)
  return index_of(self.firsts, at(self, row))
end

--- Returns what an audit shows of a row, if the batch was asked for it, by the names of the columns of
-- docs/audit.md: `code`, `name`, `signature_ok`, `valid_at_use`, `time_ok`, `expired_by_seconds`, `expires_at`,
-- `key_state`, `issuer`, `subject`, `jti`, and `alg` and `kid`, which are only what the token says of itself
-- unless `signature_ok`. What is not known is nil.
function Verdicts:audit(row)
  local index = at(self, row)
  if not self.audited then
    error("jot: the batch was not asked for an audit", 2)
  end
  local found, code = audits.row(self.audited, index), self.codes[index]
  found.code, found.name, found.valid_at_use = code, native.name_of(code), code == C.JOT_ACCEPTED
  found.signature_ok, found.expires_at = self:signature_ok(row), self:expires_at(row)
  if code == C.JOT_EXPIRED then
    found.expired_by_seconds = tonumber(self.audited.expired_by_seconds[index])
  end
  return found
end

native.published(Batch)

return M
