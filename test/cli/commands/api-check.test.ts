import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { orgReport } from "../../rehearsal/reports";
import { swaggerWith } from "../../support/fakes/fake-swagger";
import { temporaryFolder } from "../../support/folders";
import { fakeProject } from "../../support/project";
import { run } from "../run";

const orgs = [
  orgReport("na-prod"),
  orgReport("na-dev"),
  orgReport("eu-prod", {}, { genesysRegion: "eu-central-1" }),
  orgReport("gone", {}, { genesysRegion: "me-central-1", retired: true }),
];
const US = "https://api.mypurecloud.com/api/v2/docs/swagger";
const EU = "https://api.mypurecloud.de/api/v2/docs/swagger";

interface Request {
  readonly url: string;
  readonly etag?: string;
}

/** A network that answers with a description of each API. */
function startNetwork(answer: (request: Request) => Response) {
  const requests: Request[] = [];
  jest.spyOn(global, "fetch").mockImplementation((async (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    expect(headers).not.toHaveProperty("authorization");
    const request = { url, etag: headers["if-none-match"] };
    requests.push(request);
    return answer(request);
  }) as typeof fetch);
  const cache = temporaryFolder();
  const check = (...args: string[]) =>
    run(fakeProject({ orgs }), ["api-check", ...args], { XDG_CACHE_HOME: cache });
  return { requests, cache, check };
}

afterEach(() => jest.restoreAllMocks());

const published = (swagger: unknown = swaggerWith(), etag = '"one"') =>
  new Response(JSON.stringify(swagger), { status: 200, headers: { etag } });
const changed = () => {
  const swagger = swaggerWith();
  delete swagger.paths["/api/v2/oauth/clients/{clientId}"]?.put;
  return swagger;
};

test("each region is asked once, without a credential, and orgs that have left are not", async () => {
  const { requests, check } = startNetwork(() => published());
  const { code, stdout } = await check();
  expect(code).toBe(0);
  expect(requests.map(({ url }) => url)).toEqual([EU, US]);
  expect(stdout).toMatch(
    /^eu-central-1 \(eu-prod\): \d+ operations, \d+ fields: all that is needed is there\nus-east-1 \(na-prod, na-dev\): .+\n$/,
  );
});

test("a difference is a failure, with one line for each", async () => {
  const { check } = startNetwork(() => published(changed()));
  const { code, stdout } = await check("na-prod");
  expect(code).toBe(1);
  expect(stdout.split("\n")).toEqual([
    "us-east-1 (na-prod): PUT /api/v2/oauth/clients/{clientId}: the API does not have it",
    expect.stringMatching(
      /: 1 problem; do not deploy: look for a newer release of cdktf-genesys-orgs$/,
    ),
    "",
  ]);
});

test("--json prints one document", async () => {
  const { check } = startNetwork(() => published(changed()));
  const { code, stdout } = await check("na-prod", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    regions: [
      {
        region: "us-east-1",
        orgs: ["na-prod"],
        source: US,
        operations: expect.any(Number),
        fields: expect.any(Number),
        notes: [],
        problems: [
          {
            operation: "PUT /api/v2/oauth/clients/{clientId}",
            problem: "the API does not have it",
          },
        ],
      },
    ],
  });
});

test("a deprecated operation is a note, and no failure", async () => {
  const swagger = swaggerWith();
  Object.assign(swagger.paths["/api/v2/oauth/clients/{clientId}"]?.put ?? {}, { deprecated: true });
  const { check } = startNetwork(() => published(swagger));
  const { code, stdout } = await check("na-prod");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^us-east-1 \(na-prod\): PUT \/api\/v2\/oauth\/clients\/\{clientId\}: note: it is deprecated\n.*all that is needed is there\n$/,
  );
});

describe("the copy in the user's cache", () => {
  test("is used as long as the API says that nothing has changed", async () => {
    const { requests, cache, check } = startNetwork(({ etag }) =>
      etag === '"one"' ? new Response(null, { status: 304 }) : published(changed()),
    );
    await check("na-prod");
    const again = await check("na-prod", "--json");
    expect(requests.map(({ etag }) => etag)).toEqual([undefined, '"one"']);
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stdout).regions[0].source).toBe(`${US} (unchanged)`);
    const file = join(cache, "genesys-orgs/platform-api-us-east-1.json");
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test("is replaced when the API has changed", async () => {
    let etag = '"one"';
    const { check, requests } = startNetwork(() =>
      published(etag === '"one"' ? changed() : swaggerWith(), etag),
    );
    expect((await check("na-prod")).code).toBe(1);
    etag = '"two"';
    expect((await check("na-prod")).code).toBe(0);
    await check("na-prod");
    expect(requests.map((each) => each.etag)).toEqual([undefined, '"one"', '"two"']);
  });

  test("is not trusted when it is broken", async () => {
    const { check, cache, requests } = startNetwork(() => published());
    await check("na-prod");
    const [file = ""] = readdirSync(join(cache, "genesys-orgs"));
    writeFileSync(join(cache, "genesys-orgs", file), '{"etag":"\\"one\\""');
    expect((await check("na-prod")).code).toBe(0);
    expect(requests.map(({ etag }) => etag)).toEqual([undefined, undefined]);
  });

  test("that cannot be written is no failure", async () => {
    startNetwork(() => published());
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const ran = await run(fakeProject({ orgs }), ["api-check", "na-prod"], {
      XDG_CACHE_HOME: file,
    });
    expect(ran.code).toBe(0);
  });
});

describe("a description that cannot be used is a failure:", () => {
  const refused = async (answer: () => Response, message: string) => {
    const { check } = startNetwork(answer);
    const { code, stdout, stderr } = await check("na-prod");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  };
  test("no connection", () =>
    refused(() => {
      throw Object.assign(new TypeError("fetch failed"), {
        cause: new Error("getaddrinfo ENOTFOUND"),
      });
    }, `${US} cannot be read: getaddrinfo ENOTFOUND. --spec <file> compares with a copy that you have`));
  test("an error of the API", () =>
    refused(() => new Response("", { status: 503 }), `${US} cannot be read: HTTP 503`));
  test("a page of a proxy, which is not quoted", () =>
    refused(
      () => new Response("<html>test-secret</html>", { status: 200 }),
      `${US} is not JSON. A proxy may have answered in place of the API`,
    ));
  test("another document", () =>
    refused(() => published({ openapi: "3.0.1" }), `${US}: it is not a Swagger 2.0 document`));
  test("an answer without a change, though no copy was asked for", () =>
    refused(() => new Response(null, { status: 304 }), `${US} cannot be read: HTTP 304`));
});

describe("--spec", () => {
  const copy = (text: string) => {
    const file = join(temporaryFolder(), "swagger.json");
    writeFileSync(file, text);
    return file;
  };

  test("compares a stored copy, without a network and without a registry", async () => {
    const { requests } = startNetwork(() => published());
    const file = copy(JSON.stringify(changed()));
    const { code, stdout } = await run(temporaryFolder(), ["api-check", "--spec", file]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `${file}: PUT /api/v2/oauth/clients/{clientId}: the API does not have it\n`,
    );
    expect(requests).toEqual([]);
    const good = copy(JSON.stringify(swaggerWith()));
    expect((await run(temporaryFolder(), ["api-check", "--spec", good])).code).toBe(0);
  });

  test.each([
    ["no file", () => "/nowhere/swagger.json", "/nowhere/swagger.json cannot be read: "],
    ["not JSON", () => copy("swagger: '2.0'"), "is not JSON"],
  ])("refuses %s", async (_what, fileOf, message) => {
    const file = fileOf();
    const { code, stderr } = await run(temporaryFolder(), ["api-check", "--spec", file]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  test("names no organisation", async () => {
    const { check } = startNetwork(() => published());
    const { code, stderr } = await check("na-prod", "--spec", "x.json");
    expect([code, stderr]).toEqual([
      1,
      "--spec and organisations exclude each other: give one of the two\n",
    ]);
  });
});

test("the committed part of the API is in the package", () => {
  const { files } = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8"));
  expect(files).toContain("schemas/*.json");
});
