// What the commands rely on in Vault: its words, and what its KV engine does with versions. Runs against the
// fake in `npm test`, and against a real server in `npm run test:e2e`.

/** A server that the suite tests. */
export interface ContractVault {
  readonly address: string;
  /** May do anything in the mount `secret`, except with the entry {@link DENIED_ENTRY}. */
  readonly token: string;
  /** Address of a server that has a KV engine of version 1 as its mount `old`. */
  readonly oldAddress: string;
  stop(): Promise<void>;
}

export const DENIED_ENTRY = "genesys/contract/denied";

/** What of an answer does not differ from one server to another: times, and fields that nobody reads. */
interface Seen {
  readonly status: number;
  readonly errors?: readonly string[];
  readonly data?: unknown;
}

/** One entry, as a client sees it. */
class Entry {
  constructor(
    private readonly server: ContractVault,
    readonly name: string,
  ) {}

  async send(method: string, path: string, body?: object, token?: string): Promise<Seen> {
    return this.ask(`${this.server.address}/v1/${path}`, method, body, token);
  }

  old = (path: string) => this.ask(`${this.server.oldAddress}/v1/${path}`, "GET");

  private async ask(
    url: string,
    method: string,
    body?: object,
    token = this.server.token,
  ): Promise<Seen> {
    const answer = await fetch(url, {
      method,
      headers: token === "" ? {} : { "x-vault-token": token },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    const { errors, data } = text === "" ? {} : JSON.parse(text);
    return {
      status: answer.status,
      ...(errors && { errors }),
      ...(data && { data: timeless(data) }),
    };
  }

  read = (version?: number) =>
    this.send(
      "GET",
      `secret/data/${this.name}${version === undefined ? "" : `?version=${version}`}`,
    );

  write = (value: string | object, cas?: number) =>
    this.send("POST", `secret/data/${this.name}`, {
      data: typeof value === "string" ? { value } : value,
      ...(cas !== undefined && { options: { cas } }),
    });

  delete = () => this.send("DELETE", `secret/data/${this.name}`);

  change = (how: "delete" | "undelete" | "destroy", ...versions: number[]) =>
    this.send("POST", `secret/${how}/${this.name}`, { versions });

  configure = (settings: object) => this.send("POST", `secret/metadata/${this.name}`, settings);
}

const TIMES = ["created_time", "deletion_time"];

/** Replaces times: by whether there is one, and whether it is to come. */
function timeless(data: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      if (!TIMES.includes(name) || value === "") return [name, timeless(value)];
      const nanoseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{4,9}Z$/.test(value);
      const when = Date.parse(value) > Date.now() ? "later" : "by now";
      return [name, nanoseconds ? when : value];
    }),
  );
}

const metadata = (version: number, more: object = {}) => ({
  created_time: "by now",
  custom_metadata: null,
  deletion_time: "",
  destroyed: false,
  version,
  ...more,
});
const written = (version: number, more?: object) => ({
  status: 200,
  data: metadata(version, more),
});
const found = (version: number, value: string | object, more?: object) => ({
  status: 200,
  data: { data: typeof value === "string" ? { value } : value, metadata: metadata(version, more) },
});
const gone = (version: number, more?: object) => ({
  status: 404,
  data: { data: null, metadata: metadata(version, { deletion_time: "by now", ...more }) },
});
const NOTHING = { status: 404, errors: [] };
const DONE = { status: 204 };
const refused = (status: number, ...errors: string[]) => ({ status, errors });
const MISMATCH = refused(400, "check-and-set parameter did not match the current version");
const DENIED = refused(403, "1 error occurred:\n\t* permission denied\n\n");
const UNKNOWN_TOKEN = refused(
  403,
  "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n",
);

interface Behaviour {
  readonly title: string;
  /** Observations of a client. */
  readonly observe: (entry: Entry) => Promise<unknown>;
  readonly vault: unknown;
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    title: "an entry that does not exist",
    observe: async (entry) => [await entry.read(), await entry.read(1)],
    vault: [NOTHING, NOTHING],
  },
  {
    title: "a written version is read as it was written, whatever its fields are",
    observe: async (entry) => [
      await entry.write({ text: "a", number: 1, no: null, yes: true, object: { of: "b" } }),
      await entry.read(),
    ],
    vault: [
      written(1),
      found(1, { text: "a", number: 1, no: null, yes: true, object: { of: "b" } }),
    ],
  },
  {
    title: "check-and-set: only after the newest version; 0 only where there is none",
    observe: async (entry) => [
      await entry.write("zero", 1),
      await entry.write("one", 0),
      await entry.write("again", 0),
      await entry.write("two", 1),
      await entry.write("late", 1),
      await entry.write("without", undefined),
      await entry.read(),
    ],
    vault: [MISMATCH, written(1), MISMATCH, written(2), MISMATCH, written(3), found(3, "without")],
  },
  {
    title: "an entry that requires check-and-set",
    observe: async (entry) => [
      await entry.configure({ cas_required: true }),
      await entry.write("one"),
      await entry.write("one", 0),
    ],
    vault: [DONE, refused(400, "check-and-set parameter required for this call"), written(1)],
  },
  {
    title: "earlier versions stay, and a later one does not exist",
    observe: async (entry) => [
      await entry.write("one"),
      await entry.write("two"),
      await entry.read(1),
      await entry.read(2),
      await entry.read(3),
      await entry.read(0),
    ],
    vault: [written(1), written(2), found(1, "one"), found(2, "two"), NOTHING, found(2, "two")],
  },
  {
    title: "a deleted newest version: 404 with its metadata; it still counts for check-and-set",
    observe: async (entry) => [
      await entry.write("one"),
      await entry.delete(),
      await entry.read(),
      await entry.write("two", 0),
      await entry.write("two", 1),
      await entry.read(1),
    ],
    vault: [written(1), DONE, gone(1), MISMATCH, written(2), gone(1)],
  },
  {
    title: "a deleted version comes back, and a destroyed one does not",
    observe: async (entry) => [
      await entry.write("one"),
      await entry.change("delete", 1),
      await entry.change("undelete", 1),
      await entry.read(),
      await entry.change("destroy", 1),
      await entry.change("undelete", 1),
      await entry.read(),
    ],
    vault: [
      written(1),
      DONE,
      DONE,
      found(1, "one"),
      DONE,
      DONE,
      gone(1, { deletion_time: "", destroyed: true }),
    ],
  },
  {
    title: "ten versions stay; an older one is as one that never was",
    observe: async (entry) => {
      for (let version = 1; version <= 11; version++) await entry.write(`${version}`);
      return [await entry.read(1), await entry.read(2), await entry.read()];
    },
    vault: [NOTHING, found(2, "2"), found(11, "11")],
  },
  {
    title: "max_versions of an entry",
    observe: async (entry) => [
      await entry.configure({ max_versions: 1 }),
      await entry.write("one"),
      await entry.write("two"),
      await entry.read(1),
      await entry.read(),
    ],
    vault: [DONE, written(1), written(2), NOTHING, found(2, "two")],
  },
  {
    title: "delete_version_after: every answer has the time at which the version will be deleted",
    observe: async (entry) => [
      await entry.configure({ delete_version_after: "3600s" }),
      await entry.write("one"),
      await entry.read(),
    ],
    vault: [
      DONE,
      written(1, { deletion_time: "later" }),
      found(1, "one", { deletion_time: "later" }),
    ],
  },
  {
    title: "settings: 0 is the mount's, and the mount's 0 is the engine's",
    observe: async (entry) => {
      await entry.write("one");
      const { data } = await entry.send("GET", `secret/metadata/${entry.name}`);
      const { max_versions, delete_version_after, current_version } = data as Record<
        string,
        unknown
      >;
      return [
        { max_versions, delete_version_after, current_version },
        await entry.send("GET", "secret/config"),
        await entry.send("GET", `secret/metadata/${entry.name}-none`),
      ];
    },
    vault: [
      { max_versions: 0, delete_version_after: "0s", current_version: 1 },
      {
        status: 200,
        data: { cas_required: false, delete_version_after: "0s", max_versions: 0 },
      },
      NOTHING,
    ],
  },
  {
    title: "an entry that the policy does not have",
    observe: async (entry) => [
      await entry.send("GET", `secret/data/${DENIED_ENTRY}`),
      await entry.send("POST", `secret/data/${DENIED_ENTRY}`, { data: {} }),
    ],
    vault: [DENIED, DENIED],
  },
  {
    title: "a token that Vault does not know, as after its end, and none",
    observe: async (entry) => [
      await entry.send("GET", `secret/data/${entry.name}`, undefined, "test-secret-other"),
      await entry.send("GET", "auth/token/lookup-self", undefined, "test-secret-other"),
      await entry.send("GET", `secret/data/${entry.name}`, undefined, ""),
    ],
    vault: [UNKNOWN_TOKEN, UNKNOWN_TOKEN, refused(403, "permission denied")],
  },
  {
    title: "a mount that does not exist, for a token that may use it",
    observe: (entry) => entry.send("GET", "nowhere/data/genesys/contract/entry"),
    vault: refused(
      404,
      'no handler for route "nowhere/data/genesys/contract/entry". route entry not found.',
    ),
  },
  {
    title: "an engine of version 1 answers as if there was no entry, and its mount tells",
    observe: async (entry) => {
      const { data } = await entry.old(`sys/internal/ui/mounts/old/data/${entry.name}`);
      const { type, options } = data as Record<string, unknown>;
      return [await entry.old(`old/data/${entry.name}`), { type, options }];
    },
    vault: [NOTHING, { type: "kv", options: { version: "1" } }],
  },
  {
    title: "what is mounted, for a token that may do anything there",
    observe: async (entry) => {
      const { data } = await entry.send("GET", `sys/internal/ui/mounts/secret/data/${entry.name}`);
      const { type, options, path } = data as Record<string, unknown>;
      return { type, options, path };
    },
    vault: { type: "kv", options: { version: "2" }, path: "secret/" },
  },
  {
    title: "capabilities of one path, and of two",
    observe: async (entry) => {
      const none = "auth/token/create";
      const ask = (...paths: string[]) => entry.send("POST", "sys/capabilities-self", { paths });
      return [await ask(none), await ask(none, "sys/audit")];
    },
    vault: [
      { status: 200, data: { "auth/token/create": ["deny"], capabilities: ["deny"] } },
      { status: 200, data: { "auth/token/create": ["deny"], "sys/audit": ["deny"] } },
    ],
  },
  {
    title: "audit devices, for a token that may not list them",
    observe: (entry) => entry.send("GET", "sys/audit"),
    vault: DENIED,
  },
  {
    title: "a login at a mount that does not exist, and with a role that does not exist",
    observe: async (entry) => {
      const login = (mount: string) =>
        entry.send("POST", `auth/${mount}/login`, { role: "nobody", jwt: "test-secret-jwt" }, "");
      return [await login("nowhere"), await login("jwt")];
    },
    vault: [refused(403, "permission denied"), refused(400, 'role "nobody" could not be found')],
  },
];

export function holdVaultContract(start: () => Promise<ContractVault>): void {
  let server: ContractVault;
  let count = 0;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());

  test.each(BEHAVIOURS)("$title", async ({ observe, vault }) => {
    const entry = new Entry(server, `genesys/contract/entry-${++count}`);
    expect(await observe(entry)).toEqual(vault);
  });
}
