'use strict';

const { Batch, Verdicts } = require('./batch.js');
const { JotError, Rejection, byName } = require('./errors.js');
const { KeySet } = require('./keys.js');
const { Fetcher, RemoteKeys, RemoteRevocations, RemoteStatusList } = require('./remote.js');
const { Revocations } = require('./revocations.js');
const { SelfSigned, SelfSignedVerifier, accessTokenHash } = require('./self-signed.js');
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
  RemoteStatusList,
  Revocations,
  SelfSigned,
  SelfSignedVerifier,
  Signer,
  Token,
  Verdicts,
  Verifier,
  accessTokenHash,
  algorithms,
  codes: byName,
};
