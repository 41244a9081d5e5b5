--- Where the workers share what is known of one thing that is followed: a part of a shared dict, and a file
-- for the next start of nginx, if there is a folder for it. Worker 0 alone writes the file.
local ffi = require "ffi"

local M = {}

-- A Lua state may load this file twice; the same declaration is no fault.
ffi.cdef "int fileno(void *); int fsync(int);"

local Place = {}
Place.__index = Place

--- `what` names the thing in the log, and `prefix` in the dict. `folder` may be nil.
function M.new(dict, prefix, what, folder)
  local file = folder and ("%s/jot-%s"):format(folder, ngx.md5(prefix))
  return setmetatable({ dict = dict, prefix = prefix, what = what, file = file }, Place)
end

function Place:shared()
  return ngx.shared[self.dict]
end

--- Says in the log what is wrong.
function Place:say(...)
  ngx.log(ngx.ERR, "jot: ", self.what, ": ", ...)
end

--- Stores for all workers, and says so where it could not. Nothing of others is thrown out for it.
-- Returns true if it is stored.
function Place:put(name, value, seconds)
  local is_stored, why = self:shared():safe_set(self.prefix .. name, value, seconds or 0)
  if not is_stored then
    self:say("the shared dict ", self.dict, " is too small: ", why)
  end
  return is_stored
end

function Place:look(name)
  return self:shared():get(self.prefix .. name)
end

function Place:drop(name)
  self:shared():delete(self.prefix .. name)
end

--- Counts, and returns the number.
function Place:count(name)
  return self:shared():incr(self.prefix .. name, 1, 0)
end

-- Writes a file at once or not at all, whenever the machine ends. Returns true, or nil and why not.
local function write(path, text)
  local made = path .. ".new"
  local file, why = io.open(made, "wb")
  if not file then
    return nil, why
  end
  local is_written = file:write(text) and file:flush() and ffi.C.fsync(ffi.C.fileno(file)) == 0
  file:close()
  if not is_written then
    return nil, made
  end
  return os.rename(made, path)
end

--- Stores a text for all workers and for the next start. Returns true if all workers have it.
function Place:save(text)
  local is_stored = self:put("saved", text)
  if self.file then
    local is_written, why = write(self.file, text)
    if not is_written then
      self:say("not kept for the next start: ", why)
    end
  end
  return is_stored
end

local NO_SUCH_FILE = 2

--- Returns what was kept for this start: nil if nothing was, false if it cannot be read.
function Place:kept()
  if not self.file then
    return nil
  end
  local file, why, number = io.open(self.file, "rb")
  local text = file and file:read "*a"
  if file then
    file:close()
  elseif number == NO_SUCH_FILE then
    return nil
  end
  if not text then
    self:say("what was kept cannot be read: ", why or self.file)
  end
  return text or false
end

return M
