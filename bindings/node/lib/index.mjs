import libjot from './index.js';

export const {
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
  codes,
} = libjot;
