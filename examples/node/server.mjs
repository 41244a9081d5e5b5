// node server.mjs [PORT] serves on this machine. ADMINS=alice,bob names who becomes an administrator,
// KEY_FILE=key.json keeps the key that signs, and SECURE=1 is for a server behind https.
import { createApp } from './app.mjs';

const port = Number(process.argv[2] ?? 3000);
const app = createApp({
  secure: process.env.SECURE === '1',
  admins: (process.env.ADMINS ?? '').split(',').filter(Boolean),
  tokens: process.env.KEY_FILE === undefined ? {} : { keyFile: process.env.KEY_FILE },
});
const server = app.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
