import { type KeyObject, sign } from "node:crypto";

/** Returns a JWT as a CI system signs it, valid for five minutes unless its claims say otherwise. */
export function signedJwt(key: KeyObject, claims: object): string {
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const payload = { iat: now, nbf: now, exp: now + 300, ...claims };
  const body = `${part({ alg: "RS256", typ: "JWT" })}.${part(payload)}`;
  return `${body}.${sign("sha256", Buffer.from(body), key).toString("base64url")}`;
}
