// An API with Express that is guarded by tokens of jotd: server.mjs PORT ISSUER AUDIENCE, on this
// machine. The library follows the issuer's keys and what it took back, on a thread of its own.
import express from 'express';
import { Fetcher, Verifier } from 'libjot';
import { guard, refusals } from 'libjot/express';

const [port, issuer, audience] = process.argv.slice(2);

const fetcher = new Fetcher();
const keys = fetcher.discover(issuer, { allowLoopback: true });
await keys.wait(10_000);
const verifier = new Verifier({ algorithms: ['ES256'], accessToken: audience, issuer, keys });
// As often as the issuer says, also each second.
const settings = { keys, algorithms: ['ES256'], allowLoopback: true, pollEvery: 5, least: 1 };
verifier.followRevocations(fetcher.revocations(`${issuer}/revocations`, settings));

const app = express();
app.disable('x-powered-by');
app.get('/orders', guard(verifier, { realm: 'orders', scopes: 'orders' }), (request, response) => {
  response.type('text/plain').send(`two orders of ${request.auth.username}\n`);
});
app.use((error, request, response, next) => {
  console.error(`refused: ${error.code} ${error.cause?.detail ?? ''}`);
  next(error);
});
app.use(refusals);
app.listen(Number(port), '127.0.0.1', () => console.log(`listening on 127.0.0.1:${port}`));
