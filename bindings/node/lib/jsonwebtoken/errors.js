'use strict';

/** A token that is not accepted. `inner` is the engine's `Rejection` or `JotError`, where there is one. */
class JsonWebTokenError extends Error {
  constructor(message, error) {
    super(message);
    this.name = 'JsonWebTokenError';
    // Programs send these errors as JSON, which shows the message and must not show the rest.
    Object.defineProperty(this, 'message', { enumerable: true });
    if (error) Object.defineProperty(this, 'inner', { value: error, writable: true, configurable: true });
  }
}

/** A token that was valid once. */
class TokenExpiredError extends JsonWebTokenError {
  constructor(message, expiredAt, error) {
    super(message, error);
    this.name = 'TokenExpiredError';
    this.expiredAt = expiredAt;
  }
}

/** A token that is not valid yet. */
class NotBeforeError extends JsonWebTokenError {
  constructor(message, date, error) {
    super(message, error);
    this.name = 'NotBeforeError';
    this.date = date;
  }
}

module.exports = { JsonWebTokenError, NotBeforeError, TokenExpiredError };
