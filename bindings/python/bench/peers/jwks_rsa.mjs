// Verifies tokens with jwks-rsa as its README sets it up: node jwks_rsa.mjs URL ISSUER SECONDS
// Lines are `number token`, and are answered by `number yes` or `number no`.
import { createInterface } from "node:readline";
import jwt from "jsonwebtoken";
import jwksRsa from "jwks-rsa";

const [jwksUri, issuer, seconds] = process.argv.slice(2);
const cacheMaxAge = Number(seconds) * 1000;
const client = jwksRsa({ jwksUri, cache: true, cacheMaxAge, rateLimit: true, jwksRequestsPerMinute: 5 });
const find = (header, done) => client.getSigningKey(header.kid, (error, key) => done(error, key?.getPublicKey()));
const rules = { algorithms: ["ES256"], audience: "api", issuer };
createInterface({ input: process.stdin }).on("line", (line) => {
  const [number, token] = line.split(" ");
  jwt.verify(token, find, rules, (error) => console.log(number, error ? "no" : "yes"));
});
