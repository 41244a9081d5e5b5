'use strict';

const native = require('./native.js');
const { JotError, Rejection, ask, byNumber } = require('./errors.js');
const { KeySet, inner } = require('./keys.js');
const { allowed, parted, written } = require('./options.js');
const { RemoteKeys, RemoteRevocations, RemoteStatusList, longest } = require('./remote.js');
const { Revocations } = require('./revocations.js');
const { Token } = require('./token.js');

/** The codes of tokens whose key may be fetched yet. */
const awaited = new Set(['kid_unknown', 'keys_not_yet', 'keys_stale']);

/** What the engine writes for each accepted token; nothing else runs between writing and reading. */
const slot = new Float64Array(6);

function engine(keys, member) {
  if (keys instanceof KeySet || keys instanceof RemoteKeys) return keys[inner];
  throw JotError.of('policy_invalid', member, `${member}: a KeySet or RemoteKeys are wanted`);
}

/** What a call may demand, and what the engine calls it. */
const demands = new Map([
  ['issuer', 'issuers'], ['audience', 'audiences'], ['scopes', 'scopes'],
  ['keySet', 'keySet'], ['subject', 'subject'], ['nonce', 'nonce'], ['jwtId', 'jwtId'],
]);
const lists = new Set(['issuer', 'audience', 'scopes']);

function demand(options) {
  let made;
  for (const [name, theirs] of demands) {
    if (!(name in options)) continue;
    const value = options[name];
    if (value === undefined || value === null) {
      throw JotError.of('policy_invalid', name, `options: ${name} is ${value}`);
    }
    made ??= {};
    made[theirs] = lists.has(name) ? [value].flat() : value;
  }
  return made;
}

const ofACall = new Set([...demands.keys(), 'now', 'wait']);

function checked(options) {
  for (const name of Object.keys(options)) {
    if (!ofACall.has(name)) throw JotError.of('policy_invalid', name, `options: there is no ${name}`);
  }
  if ('now' in options && typeof options.now !== 'number' && typeof options.now !== 'bigint') {
    throw JotError.of('policy_invalid', 'now', 'now: seconds since 1970 are wanted');
  }
  return demand(options);
}

/** Rules and trusted keys. */
class Verifier {
  #native;
  #remote;
  // What nobody holds is followed no longer.
  #lists = [];
  #hasStatus;

  constructor(options) {
    const { taken, rest } = parted(options, ['keys', 'issuer', 'issuers', 'keySets']);
    const builder = ask(() => new native.NativeBuilder(written(rest, 'options')));
    this.#hasStatus = rest.status !== undefined;
    this.#remote = [];
    const trusted = (keys, member) => {
      if (keys instanceof RemoteKeys) this.#remote.push(keys);
      return engine(keys, member);
    };
    if (taken.issuer !== undefined) {
      builder.issuer(taken.issuer, trusted(taken.keys, 'keys'));
    } else if (taken.keys !== undefined) {
      builder.keys(trusted(taken.keys, 'keys'));
    }
    const issuers = taken.issuers ?? {};
    // An object, a Map, or pairs.
    for (const [issuer, keys] of Symbol.iterator in Object(issuers) ? issuers : Object.entries(issuers)) {
      builder.issuer(issuer, trusted(keys, 'issuers'));
    }
    for (const [name, set] of Object.entries(taken.keySets ?? {})) {
      builder.keySet(name, set.issuer, trusted(set.keys, 'keySets'));
    }
    this.#native = ask(() => builder.build());
    this[inner] = this.#native;
    Object.freeze(this);
  }

  check(token, options) {
    if (options === undefined) return byNumber.get(ask(() => this.#native.check(token, undefined))).name;
    const demanded = checked(options);
    if (demanded === undefined) return byNumber.get(ask(() => this.#native.check(token, options.now))).name;
    const found = this.#judge(token, options.now, demanded);
    return typeof found === 'string' ? 'accepted' : byNumber.get(found.number).name;
  }

  verify(token, options) {
    const found =
      options === undefined
        ? this.#judge(token, undefined, undefined)
        : this.#judge(token, options.now, checked(options));
    if (typeof found === 'string') return new Token(token, found, slot);
    throw new Rejection(found, token);
  }

  async verifyAsync(token, options = {}) {
    const demanded = checked(options);
    let found = this.#judge(token, options.now, demanded);
    if (typeof found !== 'string' && awaited.has(byNumber.get(found.number).name)) {
      if (await this.#fetched(found.number, options.wait ?? longest)) {
        found = this.#judge(token, options.now, demanded);
      }
    }
    if (typeof found === 'string') return new Token(token, found, slot);
    throw new Rejection(found, token);
  }

  verifyJws(token, options = {}) {
    const taken = allowed(options, ['issuer', 'payload']);
    const found = ask(() => this.#native.verifyJws(token, taken.issuer, taken.payload));
    if (found instanceof Uint8Array) return found;
    throw new Rejection(found, token);
  }

  replaceKeys(keys, issuer) {
    if (!(keys instanceof KeySet)) throw JotError.of('policy_invalid', 'keys', 'keys: a KeySet is wanted');
    ask(() => this.#native.replaceKeys(issuer, keys[inner]));
  }

  putStatusList(token, lists, options = {}) {
    if (!(lists instanceof Verifier)) throw JotError.of('policy_invalid', 'lists', 'lists: a Verifier is wanted');
    const { mostEntries = 1 << 20, now } = allowed(options, ['mostEntries', 'now']);
    ask(() => this.#native.putStatusList(token, lists[inner], mostEntries, now));
  }

  lackStatusList(uri, options = {}) {
    const { stale = false } = allowed(options, ['stale']);
    ask(() => this.#native.lackStatusList(uri, stale));
  }

  followRevocations(list) {
    if (!(list instanceof RemoteRevocations)) {
      throw JotError.of('policy_invalid', 'list', 'list: RemoteRevocations are wanted');
    }
    ask(() => this.#native.followRevocations(list[inner]));
    this.#lists.push(list);
  }

  setRevocations(list) {
    if (!(list instanceof Revocations)) throw JotError.of('policy_invalid', 'list', 'list: Revocations are wanted');
    ask(() => list[inner].give(this.#native));
  }

  followStatusList(list) {
    if (!(list instanceof RemoteStatusList)) {
      throw JotError.of('policy_invalid', 'list', 'list: a RemoteStatusList is wanted');
    }
    if (!this.#hasStatus) {
      const cure = "the verifier looks at no status list; give it the option status: 'check' or 'require'";
      throw JotError.of('policy_invalid', 'status', `status: ${cure}`);
    }
    ask(() => list[inner].give(this.#native));
    this.#lists.push(list);
  }

  backendName(alg) {
    return ask(() => this.#native.backendName(alg));
  }

  get prometheus() {
    return this.#native.prometheus();
  }

  #judge(token, now, demanded) {
    return ask(() => this.#native.verify(token, now, slot, demanded));
  }

  /** Waits for a fetch that may bring the key; true if the token should be looked at again. */
  async #fetched(number, milliseconds) {
    if (milliseconds === 0) return false;
    for (const keys of this.#remote) {
      if ((await keys[inner].retry(number, milliseconds)) === 0) return true;
    }
    return false;
  }
}

module.exports = { Verifier };
