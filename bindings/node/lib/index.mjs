import libjot from './index.js';

export const {
  Batch,
  Fetcher,
  JotError,
  KeySet,
  Rejection,
  RemoteKeys,
  Signer,
  Token,
  Verdicts,
  Verifier,
  algorithms,
  codes,
} = libjot;
