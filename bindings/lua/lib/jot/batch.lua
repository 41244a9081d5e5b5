--- Many tokens at once.
local ffi = require "ffi"
local bit = require "bit"
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

local function column(tokens)
  local slices = ffi.new("jot_slice[?]", math.max(#tokens, 1))
  for i = 1, #tokens do
    local token = tokens[i]
    if type(token) == "string" then
      slices[i - 1].ptr, slices[i - 1].len = token, #token
    elseif token then
      error(("jot: tokens[%d]: a string is wanted, not a %s"):format(i, type(token)), 3)
    end
  end
  return slices
end

--- Verifies a list of tokens; an element that is false is a row without a token. `now` is one
-- instant for all. Returns the verdicts in the order of the tokens.
function Batch:verify(verifier, tokens, now)
  native.expect(tokens, "table", "tokens")
  local count, why = #tokens, native.why()
  local slices = native.keep(column(native.keep(tokens)))
  local input = ffi.new("jot_tokens", { ffi.sizeof "jot_tokens", C.JOT_SLICES, 0, count, slices })
  local settings = ffi.new("jot_batch_options", { ffi.sizeof "jot_batch_options", native.instant(now) })
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
  local report = ffi.new("jot_batch_report", { ffi.sizeof "jot_batch_report" })
  local code = C.jot_batch_verify(self.handle, verifier.handle, input, settings, columns, report, why)
  local is_done, fault = native.done(code, why)
  if not is_done then
    return nil, fault
  end
  verdicts.count, verdicts.accepted = tonumber(report.rows), tonumber(report.accepted)
  verdicts.distinct = tonumber(report.distinct)
  return setmetatable(verdicts, Verdicts)
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

native.published(Batch)

return M
