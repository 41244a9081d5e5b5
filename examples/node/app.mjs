// The application: register, login, refresh, logout, guarded routes, and a page that uses them.
import { fileURLToPath } from 'node:url';

import express from 'express';
import { guard, refusals } from 'libjot/express';

import { Accounts, Problem } from './accounts.mjs';
import { Sessions } from './sessions.mjs';
import { Tokens } from './tokens.mjs';

const name = 'refresh';

/** Returns the value of the cookie with the refresh token. */
function refreshOf(request) {
  for (const part of (request.headers.cookie ?? '').split('; ')) {
    if (part.startsWith(`${name}=`)) return part.slice(name.length + 1);
  }
  return undefined;
}

/** A page of another site may send a form here; it must not log anybody in or out. */
function sameSite(request, response, next) {
  const { origin, host } = request.headers;
  const isOurs = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (!isOurs) throw new Problem(403, 'the request is from another site');
  next();
}

/**
 * `secure`: whether cookies are for https only; `admins`: the names that get the scope `admin`;
 * `tokens` and `sessionLife` in seconds.
 */
export function createApp({ secure = true, admins = [], tokens: settings = {}, sessionLife = 14 * 86400 } = {}) {
  const accounts = new Accounts(admins);
  const sessions = new Sessions(sessionLife);
  const tokens = new Tokens(settings);
  const cookie = { httpOnly: true, sameSite: 'strict', secure, path: '/auth' };

  function welcome(response, { session, refresh }) {
    response.cookie(name, refresh, { ...cookie, maxAge: sessionLife * 1000 });
    response.json(tokens.issue(session));
  }

  const auth = express.Router();
  auth.use(sameSite, express.json({ limit: '4kb' }));
  auth.use((request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  auth.post('/register', async (request, response) => {
    const { name: wanted, password } = request.body ?? {};
    const account = await accounts.register(wanted, password);
    response.status(201).json({ name: account.name });
  });
  auth.post('/login', async (request, response) => {
    const { name: given, password } = request.body ?? {};
    welcome(response, sessions.begin(await accounts.login(given, password)));
  });
  auth.post('/refresh', (request, response) => {
    const next = sessions.go(refreshOf(request) ?? '');
    if (next.stolen !== undefined) tokens.revoke(next.stolen);
    if (next.session === undefined) {
      response.clearCookie(name, cookie);
      throw new Problem(401, 'log in again');
    }
    welcome(response, next);
  });
  // The access token names the session, so a logout needs no cookie, and a cookie alone ends nothing.
  auth.post('/logout', guard(tokens.verifier), (request, response) => {
    const ended = sessions.end(request.auth.sid);
    if (ended !== undefined) tokens.revoke(ended);
    response.clearCookie(name, cookie).status(204).end();
  });

  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    response.set({
      'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'",
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    next();
  });
  app.use('/auth', auth);
  app.get('/me', guard(tokens.verifier, { scopes: 'user' }), (request, response) => {
    const { name: mine, scope } = request.auth;
    response.json({ name: mine, scope });
  });
  app.get('/admin/names', guard(tokens.verifier, { scopes: 'admin' }), (request, response) => {
    response.json(accounts.names);
  });
  app.use(express.static(fileURLToPath(new URL('public', import.meta.url))));
  app.use(refusals);
  app.use((error, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status ?? 500;
    if (status >= 500) console.error(error);
    return response.status(status).json({ error: status < 500 ? error.message : 'a fault of the server' });
  });
  return app;
}
