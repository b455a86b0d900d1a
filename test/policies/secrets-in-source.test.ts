import { createHash } from "node:crypto";
import { findSecretsInSource } from "../../lib/policies/secrets-in-source";

/** Client secrets as Genesys Cloud makes them, the same ones in each run. */
const SECRETS = Array.from({ length: 5_000 }, (_, index) =>
  createHash("sha256").update(`client secret ${index}`).digest("base64url"),
);
const [secret = ""] = SECRETS;
const found = (text: string, name = "app.ts") => findSecretsInSource(text, name);

test.each([
  ["any name", "note", 0.993],
  ["clientSecret", "clientSecret", 0.998],
])("client secrets under %s are found", (_, key, least) => {
  const count = SECRETS.filter((each) => found(`const ${key} = "${each}";`).length > 0).length;
  expect(count / SECRETS.length).toBeGreaterThan(least);
});

test.each([
  `SECRET=${secret}`,
  `curl -d client_secret=${secret} https://login.example.com`,
  `| client secret | ${secret} |`,
  `new Client("${secret}")`,
])("it finds %s", (text) => {
  const [{ index, what } = { index: -1, what: "" }] = found(`first line\n${text}\n`);
  expect([
    text.indexOf(secret) + "first line\n".length,
    "a client secret of Genesys Cloud",
  ]).toEqual([index, what]);
});

test.each([
  `https://example.com/${secret}`,
  `sha256-${secret}=`,
  `"x": "${secret}"`,
  `code_challenge=${secret}`,
  `"etag": "${secret}"`,
  `${secret}${secret}`,
])("it lets pass %s", (text) => {
  expect(found(text)).toEqual([]);
});

test("of one line and one secret, there is one finding", () => {
  expect(
    found(`client_secret: ${secret}\napi_key: ${secret}\npassword: hunter2\n`, "a.yaml"),
  ).toEqual([
    { index: 15, what: "a client secret of Genesys Cloud" },
    { index: 15 + secret.length + 10, what: "a client secret of Genesys Cloud" },
    {
      index: 15 + 2 * secret.length + 11,
      what: "password with a 7-character literal, not shown",
    },
  ]);
});

test("a password in code is not found, since such a text is often a name", () => {
  expect(found('const password = "hunter2";')).toEqual([]);
  expect(found("permissions:\n  id-token: write\n", "ci.yaml")).toEqual([]);
});
