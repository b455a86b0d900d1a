import { differs, turnsOff, type Values, type Watch } from "./watch";

/** Arguments of providers that send its credential to another address, or weaken the connection. */
const ADDRESSES = ["address", "endpoints", "gateway", "proxy", "skip_tls_verify"];

/**
 * The blocks of a configuration that are watched, besides those of resources. A plan has none of them. Their
 * types are the names of their sections.
 */
export const SETTINGS: Readonly<Record<string, readonly Watch[]>> = {
  backend: [
    {
      control: "encryption",
      changed: turnsOff("encrypt", "the backend no longer asks for encryption"),
    },
    {
      control: "encryption",
      changed: differs("kms_key_id", "the state gets another key, or none"),
    },
    {
      control: "lock",
      changed: (before, after) =>
        isLocked(before) && !isLocked(after) ? "the state is no longer locked" : undefined,
    },
    {
      control: "state",
      deleted: "the state is no longer kept there",
      changed: (before, after) => {
        const moved = PLACE.filter((key) => before[key] !== after[key]);
        return moved.length > 0 ? `the state is in another place (${moved.join(", ")})` : undefined;
      },
    },
    {
      control: "state",
      changed: differs("allowed_account_ids", "other accounts are allowed, or all"),
    },
  ],
  provider: [
    {
      control: "guard",
      changed: (before, after) =>
        isGuarded(before) && !isGuarded(after)
          ? "its credential is no longer compared with the organisation"
          : undefined,
    },
    {
      control: "guard",
      changed: (before, after) => addressesText(before, after),
      created: (after) => addressesText({}, after, ["address"]),
    },
    {
      control: "guard",
      changed: differs("allowed_account_ids", "other accounts are allowed, or all"),
    },
  ],
  terraform: [
    {
      control: "version",
      changed: (before, after) =>
        isOlder(before.required_version, after.required_version)
          ? "older versions of Terraform are allowed"
          : undefined,
    },
    { control: "version", changed: providersText },
  ],
  variable: [
    { control: "secret", changed: turnsOff("sensitive", "the variable is no longer sensitive") },
    { control: "secret", changed: turnsOff("ephemeral", "plans and states may keep the variable") },
  ],
  output: [
    { control: "secret", changed: turnsOff("sensitive", "the output is no longer sensitive") },
  ],
};

/** What is watched in blocks of every type. */
export const EVERYWHERE: readonly Watch[] = [
  {
    control: "deletion protection",
    changed: (before, after) =>
      lifecycleOf(before).prevent_destroy === true && lifecycleOf(after).prevent_destroy !== true
        ? "Terraform may destroy it"
        : undefined,
  },
  {
    control: "guard",
    changed: (before, after) =>
      conditionsOf(after) < conditionsOf(before) ? "it has fewer conditions" : undefined,
  },
  {
    control: "waiver",
    changed: (before, after) => waiversText(before, after),
    created: (after) => waiversText({}, after),
  },
];

const PLACE = ["bucket", "endpoint", "endpoints", "key", "region", "workspace_key_prefix"];

const isLocked = ({ use_lockfile, dynamodb_table }: Values): boolean =>
  use_lockfile === true || use_lockfile === "true" || Boolean(dynamodb_table);

/** The guard is an expression that errors for the credential of another organisation. */
const isGuarded = ({ oauthclient_id }: Values): boolean =>
  /organizations_me[^?]* == [^?]*\?/.test(String(oauthclient_id));

function addressesText(before: Values, after: Values, usual: readonly string[] = []) {
  const changed = ADDRESSES.filter(
    (key) => !usual.includes(key) && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return changed.length > 0 ? `its credential goes another way (${changed.join(", ")})` : undefined;
}

function providersText({ required_providers: was }: Values, { required_providers: is }: Values) {
  const [before, after] = [objectIn(was), objectIn(is)];
  const texts = Object.keys(before).flatMap((name) => {
    const [one, other] = [objectIn(before[name]), objectIn(after[name])];
    // A provider that is no longer needed has no version.
    if (after[name] === undefined) return [];
    if (one.source !== other.source) return `provider ${name} comes from another source`;
    return isOlder(one.version, other.version)
      ? `older versions of provider ${name} are allowed`
      : [];
  });
  return texts.length > 0 ? texts.join(", ") : undefined;
}

/** Whether a constraint allows older versions than the one before it. */
function isOlder(before: unknown, after: unknown): boolean {
  const [was, is] = [floorOf(before), floorOf(after)];
  const at = was.findIndex((part, index) => part !== (is[index] ?? 0));
  return at >= 0 && (is[at] ?? 0) < (was[at] ?? 0);
}

/** Returns the oldest version that a constraint allows, in parts. */
function floorOf(constraint: unknown): number[] {
  const floors = String(constraint ?? "")
    .split(",")
    .flatMap((part) => /^\s*(?:>=|>|=|~>)?\s*v?(\d+(?:\.\d+)*)/.exec(part)?.[1] ?? [])
    .map((version) => version.split(".").map(Number));
  return floors.sort(compare).at(-1) ?? [];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (one[index] ?? 0) !== (other[index] ?? 0)) ?? 0;
  return (one[at] ?? 0) - (other[at] ?? 0);
}

const lifecycleOf = ({ lifecycle }: Values): Values => objectIn([lifecycle].flat()[0]);

const conditionsOf = (values: Values): number => {
  const { precondition, postcondition } = lifecycleOf(values);
  return [precondition, postcondition].flat().filter((each) => each !== undefined).length;
};

function waiversText(before: Values, after: Values): string | undefined {
  const [was, is] = [before, after].map((values) => objectIn(objectIn(values["//"]).waivers));
  const added = Object.entries(is ?? {}).filter(([rule]) => was?.[rule] === undefined);
  const texts = added.map(([rule, reason]) => `${rule} is waived: ${reason}`);
  return texts.length > 0 ? texts.join("; ") : undefined;
}

const objectIn = (value: unknown): Values =>
  typeof value === "object" && value !== null ? (value as Values) : {};
