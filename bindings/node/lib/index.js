'use strict';

const { Batch, Verdicts } = require('./batch.js');
const { JotError, Rejection, byName } = require('./errors.js');
const { KeySet } = require('./keys.js');
const { Fetcher, RemoteKeys, RemoteRevocations } = require('./remote.js');
const { Signer } = require('./signer.js');
const { Token, algorithms } = require('./token.js');
const { Verifier } = require('./verifier.js');

module.exports = {
  Batch,
  Fetcher,
  JotError,
  KeySet,
  Rejection,
  RemoteKeys,
  RemoteRevocations,
  Signer,
  Token,
  Verdicts,
  Verifier,
  algorithms,
  codes: byName,
};
