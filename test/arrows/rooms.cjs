// The rooms of lib/, from bottom to top, and the rooms that each may import. CONTRIBUTING.md explains.
const ROOMS = {
  "secret-value": [],
  registry: [],
  http: [],
  aws: ["http", "registry"],
  genesys: ["http", "registry"],
  vault: ["http", "registry"],
  runtime: ["secret-value", "genesys", "vault", "http", "registry"],
  stack: ["registry"],
  policies: ["aws", "registry"],
  rotation: ["vault", "genesys", "http", "policies", "stack", "aws", "secret-value", "registry"],
  state: ["rotation", "policies", "stack", "aws", "registry"],
  credentials: ["rotation", "vault", "policies", "stack", "aws", "secret-value", "registry"],
  org: ["credentials", "state", "vault", "policies", "stack", "registry"],
  terraform: ["aws"],
  rehearsal: ["terraform", "registry"],
  inventory: ["rotation", "aws", "registry"],
  ci: ["registry"],
  existing: ["policies", "rehearsal", "terraform", "genesys", "http", "registry"],
  cli: [
    "existing",
    "ci",
    "policies",
    "rehearsal",
    "inventory",
    "terraform",
    "rotation",
    "vault",
    "genesys",
    "http",
    "aws",
    "registry",
  ],
};

/** Files at the root of lib/ that every room may import. */
const LEAVES = ["counted", "encodings", "errors", "in-parallel", "recorded-waivers", "versions"];

const againstTheGrain = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room} imports only what lies below it`,
  severity: "error",
  from: { path: `^lib/${room}/` },
  to: {
    path: "^lib/",
    pathNot: [`^lib/(${[room, ...allowed].join("|")})/`, `^lib/(${LEAVES.join("|")})\\.ts$`],
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...againstTheGrain,
    {
      name: "every room is in the map",
      severity: "error",
      from: {},
      to: { path: "^lib/[^/]+/", pathNot: `^lib/(${Object.keys(ROOMS).join("|")})/` },
    },
    {
      name: "leaves import nothing of lib",
      severity: "error",
      from: { path: `^lib/(${LEAVES.join("|")})\\.ts$` },
      to: { path: "^lib/" },
    },
    { name: "no circles", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules|^genesyscloud/" },
    // Types as well: what one has to read to understand a room.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
