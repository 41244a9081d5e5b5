import libjot from './index.js';

export const {
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
  codes,
} = libjot;
