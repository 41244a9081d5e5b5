'use strict';

const native = require('./native.js');
const { JotError, ask, wait } = require('./errors.js');
const { inner } = require('./keys.js');
const { allowed, parted, written } = require('./options.js');

/** How long a call waits for keys unless it says otherwise, in milliseconds. */
const longest = 5000;

/** Keys behind a URL, which are fetched beside the program, and again when they grow old. */
class RemoteKeys {
  /** @internal */
  constructor(keys) {
    this[inner] = keys;
    Object.freeze(this);
  }

  async wait(milliseconds = longest) {
    return wait(this[inner].wait(milliseconds));
  }

  refresh() {
    this[inner].refreshNow();
  }

  save() {
    return this[inner].save();
  }

  restore(saved) {
    ask(() => this[inner].restore(saved));
  }

  get health() {
    return this[inner].health();
  }
}

/** A list that is followed. */
class RemoteList {
  /** @internal */
  constructor(list) {
    this[inner] = list;
    Object.freeze(this);
  }

  async wait(milliseconds = longest) {
    await wait(this[inner].wait(milliseconds));
  }

  refresh() {
    this[inner].refreshNow();
  }

  get reason() {
    return this[inner].reason() ?? undefined;
  }
}

/** The revocations of an issuer, followed. */
class RemoteRevocations extends RemoteList {}

/** A Token Status List, followed. */
class RemoteStatusList extends RemoteList {}

/** Returns the keys and the rest of the options of a list. */
function listOptions(options) {
  const { taken, rest } = parted(options, ['keys']);
  if (!(taken.keys instanceof RemoteKeys)) throw JotError.of('policy_invalid', 'keys', 'keys: RemoteKeys are wanted');
  return [taken.keys[inner], written(rest, 'options')];
}

/** Fetches keys, on one thread for the whole process. */
class Fetcher {
  #native;

  constructor(options = {}) {
    const taken = allowed(options, ['authorities']);
    this.#native = ask(() => new native.NativeFetcher(taken.authorities));
  }

  keys(url, options = {}) {
    return new RemoteKeys(ask(() => this.#native.keys(url, written(options, 'options'))));
  }

  discover(issuer, options = {}) {
    if ('issuer' in options) throw JotError.of('policy_invalid', 'issuer', 'options: the issuer is named already');
    return new RemoteKeys(ask(() => this.#native.discover(issuer, written(options, 'options'))));
  }

  revocations(url, options) {
    const [keys, text] = listOptions(options);
    return new RemoteRevocations(ask(() => this.#native.revocations(url, keys, text)));
  }

  statusList(uri, options) {
    const [keys, text] = listOptions(options);
    return new RemoteStatusList(ask(() => this.#native.statusList(uri, keys, text)));
  }
}

module.exports = { Fetcher, RemoteKeys, RemoteRevocations, RemoteStatusList, longest };
