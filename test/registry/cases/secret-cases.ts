import type { BadRegistry } from "../patched";
import { ORG_KEYS } from "../patched";
import { SECRET } from "./secret";

const LONG = "a".repeat(300);

/** A secret that someone put into the registry is never printed, and long values are cut. */
export const SECRET_CASES: readonly BadRegistry[] = [
  {
    what: "a secret under an unknown key",
    patch: { "orgs/0/clientSecret": SECRET },
    problems: [`na-prod: clientSecret is not a known key: use one of ${ORG_KEYS} [unknown-key]`],
  },
  {
    what: "a secret in an object under an unknown key",
    patch: { "orgs/0/vault/token": { value: SECRET } },
    problems: [
      "na-prod: vault.token is not a known key: use one of address, namespace, mount, auth, skipChildToken, deployer, planner, master, broker [unknown-key]",
    ],
  },
  {
    what: "user and password in a URL",
    patch: { "orgs/0/vault/address": `https://user:${SECRET}@vault.example.com` },
    problems: [
      'na-prod: vault.address is "https://(hidden)@vault.example.com": give an https URL without credentials or query (http only on loopback) [vault-address]',
    ],
  },
  {
    what: "a password with a slash in a URL",
    patch: { "orgs/0/vault/address": `https://user:a/${SECRET}@vault.example.com` },
    problems: [
      'na-prod: vault.address is "https://(hidden)@vault.example.com": give an https URL without credentials or query (http only on loopback) [vault-address]',
    ],
  },
  {
    what: "user and password without scheme",
    patch: { "orgs/0/vault/address": `user:${SECRET}@vault.example.com` },
    problems: [
      'na-prod: vault.address is "(hidden)@vault.example.com": give an https URL without credentials or query (http only on loopback) [vault-address]',
    ],
  },
  {
    what: "a token in the query of a URL",
    patch: { "orgs/0/vault/address": `https://vault.example.com/?token=${SECRET}` },
    problems: [
      'na-prod: vault.address is "https://vault.example.com/?(hidden)": give an https URL without credentials or query (http only on loopback) [vault-address]',
    ],
  },
  {
    what: "a secret in a tag whose key suggests it",
    patch: { "orgs/0/tags": { "api-token": `${SECRET}#` } },
    problems: [
      "na-prod: tags.api-token is (hidden): use at most 256 letters, digits, spaces or _.:/=+-@ [tag-value]",
    ],
  },
  {
    what: "a secret in an object in place of text",
    patch: { "orgs/0/owner": { name: SECRET } },
    problems: ["na-prod: owner is an object: give text [type]"],
  },
  {
    what: "a secret in a list in place of an object",
    patch: { "orgs/0/vault": [SECRET] },
    problems: [
      "na-prod: vault is a list: give an object; possible keys are address, namespace, mount, auth, skipChildToken, deployer, planner, master, broker [type]",
    ],
  },
  {
    what: "a token of Vault where it does not belong",
    patch: { "orgs/0/vault/deployer": `hvs.${SECRET}/` },
    problems: [
      'na-prod: vault.deployer is (hidden): give the path without a slash at its beginning or end, without "data/", "." and ".." in it [vault-entry]',
    ],
  },
  {
    what: "a private key where it does not belong",
    patch: { "orgs/0/vault/address": `-----BEGIN PRIVATE KEY-----${SECRET}` },
    problems: [
      "na-prod: vault.address is (hidden): give an https URL without credentials or query (http only on loopback) [vault-address]",
    ],
  },
  {
    what: "a long value",
    patch: { "orgs/0/genesysRegion": LONG },
    problems: [
      'na-prod: genesysRegion is "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…": use one of us-east-1, us-east-2, us-west-2, ca-central-1, mx-central-1, sa-east-1, eu-west-1, eu-west-2, eu-central-1, eu-central-2, eusc-de-east-1, me-central-1, ap-southeast-1, ap-southeast-2, ap-northeast-1, ap-northeast-2, ap-northeast-3, ap-south-1 [genesys-region]',
    ],
  },
  {
    what: "a long unknown key",
    patch: { [`orgs/0/${LONG}`]: 1 },
    problems: [
      `na-prod: ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…"] is not a known key: use one of ${ORG_KEYS} [unknown-key]`,
    ],
  },
  {
    what: "a long name",
    patch: { "orgs/2/name": LONG },
    problems: [
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…: name is "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…": use at most 32 characters, so that derived names fit [name]',
    ],
  },
];
