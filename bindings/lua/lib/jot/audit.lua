--- What an audit shows of each row of a batch, by the names of the columns of docs/audit.md.
local ffi = require "ffi"
local bit = require "bit"
local native = require "jot.native"

local C = native.C
local M = {}

local STATES = {
  [C.JOT_STATE_ACTIVE] = "active", [C.JOT_STATE_RETIRED] = "retired",
  [C.JOT_STATE_NOT_YET_VALID] = "not_yet_valid", [C.JOT_STATE_UNKNOWN] = "unknown",
}
-- The texts that a batch keeps: the column, the function that hands it out, and its number there.
local TEXTS = {
  issuer = { C.jot_batch_claim, C.JOT_CLAIM_ISSUER },
  subject = { C.jot_batch_claim, C.JOT_CLAIM_SUBJECT },
  jti = { C.jot_batch_claim, C.JOT_CLAIM_JWT_ID },
  alg = { C.jot_batch_unverified, C.JOT_UNVERIFIED_ALG },
  kid = { C.jot_batch_unverified, C.JOT_UNVERIFIED_KID },
}

--- Makes room for this many rows, and names it in the columns of a batch.
function M.columns(columns, room)
  local made = {
    key_state = ffi.new("uint8_t[?]", room),
    time_ok = ffi.new("uint8_t[?]", room),
    expired_by_seconds = ffi.new("int64_t[?]", room),
    texts = {},
  }
  columns.key_state, columns.time_ok = made.key_state, made.time_ok
  columns.expired_by_seconds = made.expired_by_seconds
  columns.claims = bit.bor(C.JOT_CLAIM_ISSUER, C.JOT_CLAIM_SUBJECT, C.JOT_CLAIM_JWT_ID)
  columns.unverified = bit.bor(C.JOT_UNVERIFIED_ALG, C.JOT_UNVERIFIED_KID)
  return made
end

-- Copies a column of texts: the batch's memory is that of its next call.
local function copied(column)
  local texts, data = {}, ffi.cast("const char *", column.data.ptr)
  for row = 0, tonumber(column.rows) - 1 do
    if bit.band(bit.rshift(column.validity[math.floor(row / 8)], row % 8), 1) == 1 then
      local from = column.offsets[row]
      texts[row] = ffi.string(data + from, column.offsets[row + 1] - from)
    end
  end
  return texts
end

--- Takes the texts that the batch kept. Returns true, or nil and the fault.
function M.take(made, batch)
  for name, kept in pairs(TEXTS) do
    local column, why = ffi.new("jot_text_column", { ffi.sizeof "jot_text_column" }), native.why()
    local is_done, fault = native.done(kept[1](batch, kept[2], column, why), why)
    if not is_done then
      return nil, fault
    end
    made.texts[name] = copied(column)
  end
  return true
end

--- Returns what is known of a row, counted from 0.
function M.row(made, row)
  local found = { key_state = STATES[made.key_state[row]] }
  if made.time_ok[row] ~= C.JOT_TIME_OK_UNKNOWN then
    found.time_ok = made.time_ok[row] == 1
  end
  for name, texts in pairs(made.texts) do
    found[name] = texts[row]
  end
  return found
end

return M
