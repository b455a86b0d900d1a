import { deflateSync, gzipSync as gzip } from "node:zlib";
import { zipSync } from "fflate";
import { block } from "../synthesized-stack";
import { ofKind, type Planted } from "./planted";

/** A place in a stack, or beside it, with a literal. */
export interface Literal {
  /** Parts of the stack's JSON. */
  readonly stack?: Record<string, unknown>;
  /** Context of the app, as in cdktf.json. */
  readonly app?: Record<string, unknown>;
  /** Content of one asset file, by its name. */
  readonly asset?: readonly [name: string, content: string | Uint8Array];
}

// Tokens are in pieces, so that scanners of this repository's own text stay quiet.
const random = ["hK7fQ2mX9vLrT4wZ8bN1", "cJ6yD3sG5pAqE0uRiOkMvXyZ"].join("").slice(0, 43);
const gitlab = ["glpat", "a1B2c3D4e5F6g7H8i9J0"].join("-");
const github = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");
const awsKeyId = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
const awsKey = ["wJalrXUtnFEMI/K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("/");
const privateKey = ["-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEow"].join("");

const base64 = (text: string | Uint8Array) => Buffer.from(text as string).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");
const each = (text: string, before: string, width = 2) =>
  [...text].map((one) => before + one.charCodeAt(0).toString(16).padStart(width, "0")).join("");

const body = (argument: Record<string, unknown>, name = "it"): Literal => ({
  stack: block("resource", "aws_example", argument, name),
});
const text = (value: string) => body({ user_data: value });
const note = (value: string) => body({ description: value });
const asset = (name: string, content: string | Uint8Array): Literal => ({ asset: [name, content] });

const script = "#!/bin/sh\nexport CLIENT_SECRET=hunter2\nexec ./run\n";
const yaml = "server:\n  port: 8080\n  password: swordfish\n";

const noSign = "nothing shows that it is a secret";
const cipher = "only a program can turn it back";
const noBeginning = "it has no beginning to recognise";

/** How a secret may be written into code, and what is no secret but looks like one. */
export const PLANTED_LITERALS: readonly Planted<Literal>[] = [
  ...ofKind<Literal>(
    "a key that ends like a secret",
    ["password", body({ password: "hunter2" })],
    ["clientSecret in a map", body({ fields: { clientSecret: "hunter2" } })],
    [
      "a pair of name and value",
      body({ environment: [{ name: "DB_PASSWORD", value: "hunter2" }] }),
    ],
    ["JSON in a text", body({ fields: JSON.stringify({ clientSecret: "hunter2" }) })],
    [
      "JSON in JSON in a text",
      body({ fields: JSON.stringify({ a: JSON.stringify({ api_key: "hunter2" }) }) }),
    ],
    ["jsonencode", body({ fields: '${jsonencode({"clientSecret" = "hunter2"})}' })],
    ["joined by an expression", body({ password: '${join("", ["hunt", "er2"])}' })],
    [
      "an expression with a default",
      body({ password: '${coalesce(var.password, "hunter2")}' }),
      "Terraform chooses the value at run time",
    ],
    ["another language", body({ passwort: "hunter2" }), noSign],
    ["a short name of one's own", body({ pin: "4711" }), noSign],
  ),
  ...ofKind<Literal>(
    "a text with keys and values",
    [
      "a query string",
      text("https://login.example.com/token?client_id=crm&client_secret=hunter2&x=1"),
    ],
    ["a form", text("grant_type=client_credentials&client_secret=hunter2")],
    ["an environment variable in a script", text(script)],
    ["an option with =", text("login --client-secret=hunter2 --quiet")],
    ["an option with a space", text("login --client-secret hunter2 --quiet")],
    ["curl -u", text("curl -s -u crm:hunter2 https://api.example.com")],
    ["curl with a header", text("curl -H 'X-Api-Key: hunter2hunter2' https://api.example.com")],
    ["mysql -p", text("mysql -u crm -phunter2 crm < dump.sql")],
    ["sshpass -p", text("sshpass -p hunter2 ssh crm@example.com")],
    ["netrc", text("machine example.com login crm password hunter2")],
    ["npmrc", text("//registry.npmjs.org/:_authToken=hunter2hunter2")],
    ["properties", text("spring.datasource.url=jdbc:x\nspring.datasource.password=hunter2\n")],
    ["properties with spaces", text("db.user = crm\ndb.password = hunter2\n")],
    ["YAML", text(yaml)],
    ["YAML with quotes", text('client_secret: "hunter2"\n')],
    ["JSON with comments", text('{\n  // for the CRM\n  "client_secret": "hunter2",\n}')],
    ["Terraform", text('variable "password" {}\npassword = "hunter2"\n')],
    ["XML elements", text("<config><password>hunter2</password></config>")],
    ["XML attributes", text('<add key="ClientSecret" value="hunter2"/>')],
    ["a connection string", text("Server=db;User Id=crm;Password=hunter2;")],
    ["a URL with a password", text("postgres://crm:hunter2@db.example.com/crm")],
    ["an argument of a function", body({ command: '${format("login --password=%s", "hunter2")}' })],
    ["a sentence", note("The password of the CRM is hunter2"), noSign],
    [
      "one word after a colon in a single line",
      note("Password: swordfish"),
      "it may be a sentence",
    ],
    ["a password of 3 characters", text("export DB_PASSWORD=abc"), "too short"],
  ),
  ...ofKind<Literal>(
    "a known form, under any key",
    ["GitLab", note(gitlab)],
    ["GitHub", note(`clone with ${github}`)],
    ["npm", note(["npm", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_"))],
    ["Google API key", note(["AIza", "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q"].join(""))],
    ["AWS access key id", note(awsKeyId)],
    ["AWS secret access key", note(awsKey)],
    ["Vault", note(["hvs", "CAESIJ0abcDEF123456789ghi"].join("."))],
    ["HCP Terraform", note(`a1B2c3D4e5F6g7.atlasv1.${"a1B2c3D4e5".repeat(6)}`)],
    ["Slack", note(["xoxb", "1234567890-abcdefghij"].join("-"))],
    ["Stripe", note(["sk", "live", "a1B2c3D4e5F6g7H8"].join("_"))],
    ["SendGrid", note(["SG", "a1B2c3D4e5F6g7H8i9J0k1", "a1B2c3D4e5F6g7H8i9J0k1"].join("."))],
    ["Azure client secret", note(["abc8", "Q~", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6"].join(""))],
    ["private key", note(privateKey)],
    [
      "JSON web token",
      note(["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJjcm0ifQ", "c2lnbmF0dXJl"].join(".")),
    ],
    ["authorization header", note(`Basic ${random}=`)],
    ["43 random characters, like Genesys Cloud's secrets", note(random)],
    [
      "32 random characters",
      note(random.slice(0, 32)),
      "ids, digests and generated names have this form",
    ],
    ["a password of a person", note("correct horse battery staple"), noSign],
  ),
  ...ofKind<Literal>(
    "encoded",
    ["user data in base64", body({ user_data_base64: base64(script) })],
    ["user data in wrapped base64", text(base64(script.repeat(4)).replace(/.{76}/g, "$&\n"))],
    ["base64 of base64", text(base64(base64(script)))],
    ["base64gzip", body({ user_data_base64: base64(gzip(script)) })],
    ["zlib in base64", text(base64(deflateSync(script)))],
    ["a zip in base64", body({ content_base64: base64(zipSync({ ".env": Buffer.from(script) })) })],
    ["a token in base64", note(base64(gitlab))],
    [
      "base64encode of a literal",
      body({ user_data_base64: `\${base64encode(${JSON.stringify(script)})}` }),
    ],
    ["hexadecimal", note(hex(`client_secret=hunter2`))],
    ["a token in hexadecimal", note(hex(gitlab))],
    ["escapes of URLs, all characters", note(each(gitlab, "%"))],
    ["escapes of JSON, all characters", note(each(gitlab, "\\u", 4))],
    ["UTF-16 in base64", text(base64(Buffer.from(script, "utf16le")))],
    ["a Buffer in JSON", body({ content: JSON.stringify(Buffer.from(script)) })],
    ["a Buffer in a map", body({ content: { ...Buffer.from(script).toJSON() } })],
    ["a password in base64, under an innocent key", note(base64("hunter2")), noSign],
    ["a reversed token", note([...gitlab].reverse().join("")), cipher],
    ["brotli and other compressions", note("GzcA+I3UqE0jVqfBpcOBlw=="), noBeginning],
  ),
  ...ofKind<Literal>(
    "split",
    ["two templates", note(`\${"${gitlab.slice(0, 9)}"}\${"${gitlab.slice(9)}"}`)],
    ["join", note(`\${join("-", ["glpat", "${gitlab.slice(6)}"])}`)],
    ["format", note(`\${format("%s%s", "${gitlab.slice(0, 9)}", "${gitlab.slice(9)}")}`)],
    [
      "locals",
      {
        stack: {
          locals: { first: gitlab.slice(0, 9), rest: gitlab.slice(9) },
          ...block("resource", "aws_example", { description: "${local.first}${local.rest}" }),
        },
      },
    ],
    [
      "two arguments that a program joins",
      body({ first: gitlab.slice(0, 9), rest: gitlab.slice(9) }),
      "only the program joins them",
    ],
    [
      "other functions, such as replace",
      note(`\${replace("${gitlab.replace("-", "+")}", "+", "-")}`),
      "Terraform's functions are not run",
    ],
  ),
  ...ofKind<Literal>(
    "another place",
    ["a comment of a resource", body({ "//": { note: `password=hunter2` } })],
    ["a comment of the stack", { stack: { "//": { token: "hunter2" } } }],
    ["the name of a resource", body({}, gitlab)],
    ["the name of an output", { stack: { output: { [gitlab]: { value: "x" } } } }],
    ["the key of a tag", body({ tags: { [gitlab]: "x" } })],
    ["the default of a variable", { stack: { variable: { api_token: { default: "hunter2" } } } }],
    ["the context of cdktf.json", { app: { crm: { password: "hunter2" } } }],
    ["an asset, a script", asset("run.sh", script)],
    ["an asset, YAML", asset("flow.yaml", yaml)],
    ["an asset, JSON", asset("config.json", JSON.stringify({ client_secret: "hunter2" }, null, 2))],
    ["an asset, a key file", asset("id_rsa", privateKey)],
    [
      "an asset, a script in a zip",
      asset("code.zip", zipSync({ "start.sh": Buffer.from(script) })),
    ],
    ["an asset, a token in code", asset("index.js", `const token = "${gitlab}";`)],
    [
      "an asset, a password in code",
      asset("index.js", 'const password = "hunter2";'),
      "in code, such a text is often a name",
    ],
    [
      "an asset, an image or an encrypted archive",
      asset(
        "logo.png",
        Buffer.from(gitlab).map((byte) => byte ^ 0x80),
      ),
      cipher,
    ],
  ),
];

const noValue = "DB_PASSWORD=\nDB_USER=application\n";
const sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** What looks like a secret, and must pass. */
export const HARMLESS: readonly (readonly [name: string, plant: Literal])[] = [
  ["a UUID", note("6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")],
  [
    "the ARN of a secret",
    body({
      secret_arn:
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:/genesys/production/na-prod/crm-AbCdEf",
    }),
  ],
  [
    "the ARN of a secret in a text",
    note("reads arn:aws:secretsmanager:us-east-1:111122223333:secret:MyCrmSecret-AbCdEf"),
  ],
  ["a SHA-256 digest in hexadecimal", body({ asset: sha256 })],
  [
    "a SHA-256 digest in base64",
    body({ source_code_hash: Buffer.from(sha256, "hex").toString("base64") }),
  ],
  [
    "a SHA-256 digest in base64, under any key",
    note(Buffer.from(sha256, "hex").toString("base64")),
  ],
  [
    "the path of an asset",
    body({ filename: `assets/code/${sha256.slice(0, 32).toUpperCase()}/archive.zip` }),
  ],
  [
    "a public key",
    note(
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0a1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U crm@example.com",
    ),
  ],
  ["text in base64", text(base64("#!/bin/sh\necho 'hello, this is no secret'\n"))],
  [
    "the claim of a token in a trust policy",
    body({
      policy: JSON.stringify({
        Condition: {
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        },
      }),
    }),
  ],
  ["a sentence about a password", note("Password: ask the owner. Token: rotated every 90 days.")],
  [
    "a script that reads its secret",
    text(
      'CLIENT_SECRET=$(aws secretsmanager get-secret-value --secret-id crm)\nTOKEN="$1"\ncurl -u "$USER:$TOKEN" https://api.example.com\n',
    ),
  ],
  [
    "a program's option with a variable",
    text("docker run -u 1000:1000 -e PASSWORD=${random_password.it.result} crm"),
  ],
  [
    "code that calls a function",
    text(
      "token = get_token()\nsecret = os.environ['CRM']\npassword: str\napi_key = settings.api_key\n",
    ),
  ],
  ["a placeholder", text("export CLIENT_SECRET=<your-secret>\nTOKEN=xxxx\nPASSWORD=****\n")],
  [
    "a variable of Terraform",
    body({ password: "${var.password}", command: "login --password=${var.password}" }),
  ],
  [
    "a reference in jsonencode",
    body({
      secret_string:
        '${jsonencode({"clientSecret" = genesyscloud_oauth_client.crm-sync[0].client_secret, "token" = local.token})}',
    }),
  ],
  [
    "a reference in a template",
    text("login --password=${genesyscloud_oauth_client.crm-sync.client_secret} --token=$TOKEN"),
  ],
  ["a property file without a value", asset(".env", noValue)],
  ["a property file without a value, of Windows", asset(".env", noValue.replaceAll("\n", "\r\n"))],
  [
    "a property file without its first value",
    asset("crm.properties", "password=\nuser=application\n"),
  ],
  ["a script without a value, with an escape", text(`${noValue}date +%25Y\n`)],
  ["a script without a value, in base64", text(base64(`#!/bin/sh\n${noValue}`))],
  ["a script without a value, in JSON", asset("crm.json", JSON.stringify({ run: noValue }))],
  ["placeholders, each in a line", asset(".env", "TOKEN=xxxx\nPASSWORD=none\nUSER=application\n")],
  ["a variable at the start", text("PASSWORD=$DB_PASSWORD\n")],
  ["a variable in a connection string", text("Server=db;Password=$DB_PASSWORD;")],
  ["a variable of Windows in a connection string", text("Server=db;Password=%DB_PASSWORD%;")],
  ["a placeholder in a connection string", text("Server=db;Password=<your-password>;")],
  ["a comparison", body({ count: '${var.token == "none" ? 0 : 1}' })],
  // Of the examples of the Genesys Cloud provider 1.82.
  [
    "a template of a custom auth action",
    body({
      headers: {
        Authorization:
          'Basic $encoding.base64("$${credentials.clientId}:$${credentials.clientSecret}")',
      },
    }),
  ],
  [
    "a template of a data action",
    body({
      success_template: '{ "token": $${tokenValue} }',
      translation_map: { tokenValue: "$.token" },
    }),
  ],
  ["a header of a data action", body({ headers: { "x-api-key": "$${credentials.apiKey}" } })],
  ["the URL of tokens", body({ oauth_token_url: "https://appleid.apple.com/auth/oauth2/token" })],
  ["the lifetime of a token", body({ access_token_validity_seconds: 600 })],
  [
    "a waiver",
    body({ "//": { waivers: { "GO-OAUTH-SECRET-IN-STATE": "the legacy CRM needs it, SEC-1" } } }),
  ],
  [
    "the context of the framework",
    {
      app: {
        cdktfVersion: "0.21.0",
        excludeStackIdFromLogicalIds: "true",
        cdktfRelativeModules: ["./modules"],
      },
    },
  ],
  [
    "minified code in a zip",
    asset(
      "index.zip",
      zipSync({
        "index.js": Buffer.from(
          'var s={token:"token",password:"Password"};f(s.secret="secretName")',
        ),
      }),
    ),
  ],
];
