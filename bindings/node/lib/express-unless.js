'use strict';

// `unless` of middleware, for programs that were written for the package express-unless.

const many = (value) => (value === undefined ? [] : [value].flat());

/**
 * Returns the path of a request as it was sent. It is not made shorter: a router that takes `/a/../b` for
 * a path in `/a` must not find it to be free because `/b` is.
 */
function pathOf(request, useOriginalUrl) {
  const url = (useOriginalUrl ? request.originalUrl : request.url) ?? request.url ?? '';
  return /^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)/i.exec(url)[1];
}

function isMatch(pattern, path) {
  if (!(pattern instanceof RegExp)) return pattern === path;
  // A pattern that is global or sticky would go on where it stopped.
  pattern.lastIndex = 0;
  return pattern.test(path);
}

function isOfMethod(methods, method) {
  const names = many(methods);
  return names.length === 0 || names.includes(method);
}

/** Returns `unless`, which makes a middleware leave out some requests. */
function unlessOf(middleware) {
  return function unless(options) {
    const { path, method, ext, custom, useOriginalUrl = true, ...unknown } =
      typeof options === 'function' ? { custom: options } : options;
    const [name] = Object.keys(unknown);
    if (name !== undefined) throw new TypeError(`unless: there is no option ${name}`);

    async function isFree(request) {
      const asked = pathOf(request, useOriginalUrl);
      if (many(method).includes(request.method)) return true;
      if (many(ext).some((end) => asked.endsWith(end))) return true;
      const isPath = (one) => {
        const isPlain = typeof one === 'string' || one instanceof RegExp;
        return isMatch(isPlain ? one : one.url, asked) && isOfMethod(one.methods ?? one.method, request.method);
      };
      if (many(path).some(isPath)) return true;
      return custom !== undefined && Boolean(await custom(request));
    }

    function free(request, response, next) {
      isFree(request).then(
        (isSo) => (isSo ? setImmediate(next) : middleware(request, response, next)),
        (error) => setImmediate(next, error),
      );
    }
    free.unless = unlessOf(free);
    return free;
  };
}

module.exports = { unlessOf };
