import { BROKER_DEFAULTS } from "../defaults";
import type { BrokerEntry, OAuthClientEntry } from "../model";
import { problemAbout, type RegistryProblem } from "../registry-error";
import type { CheckedOrg } from "./checked";

/** Rules over the OAuth clients of an org that Vault brokers, and over their engine. */
export function* brokeredClientProblems(checked: CheckedOrg): Generator<RegistryProblem> {
  const { subject, entry, org } = checked;
  const brokered = (entry.oauthClients ?? []).flatMap(({ broker, ...client }, index) =>
    broker ? [{ index, broker, client }] : [],
  );
  for (const { index, broker, client } of brokered) {
    const path = ["oauthClients", index];
    for (const [field, value, rule, expected] of mistakesOf(broker, client)) {
      yield problemAbout(subject, [...path, ...field], value, rule, expected);
    }
    if (!org.vault) {
      const expected =
        "add vault to the organisation's entry, or leave broker out: brokered clients need a Vault";
      yield problemAbout(subject, [...path, "broker"], broker, "broker-vault", expected);
    }
  }
  if (!org.vault || brokered.length === 0) return;
  const { mount, broker } = org.vault;
  const path = ["vault", "broker", "mount"];
  if (OF_VAULT_ITSELF.test(broker.mount)) {
    const expected =
      "choose a mount that does not begin with auth, cubbyhole, identity or sys: Vault itself has these paths, and the deployer's policy would allow some of them";
    yield problemAbout(subject, path, broker.mount, "broker-mount", expected);
  }
  if (`${mount}/`.startsWith(`${broker.mount}/`) || `${broker.mount}/`.startsWith(`${mount}/`)) {
    const expected = `choose a mount that is neither vault.mount (${mount}) nor above or below it: Vault has one engine at each`;
    yield problemAbout(subject, path, broker.mount, "broker-mount", expected);
  }
}

const OF_VAULT_ITSELF = /^(auth|cubbyhole|identity|sys)(\/|$)/;

type Mistake = readonly [field: readonly string[], value: unknown, rule: string, expected: string];

/** Mistakes of a lease, which the engine would refuse; also of a client that code defines. */
export function* leaseMistakes(broker: BrokerEntry): Generator<Mistake> {
  const { ttlSeconds, maxTtlSeconds } = { ...BROKER_DEFAULTS, ...broker };
  if (ttlSeconds <= maxTtlSeconds) return;
  const expected = `give at most maxTtlSeconds, which is ${maxTtlSeconds}`;
  yield [["broker", "ttlSeconds"], ttlSeconds, "lease-order", expected];
}

/** Fields that change nothing about a token. */
const OF_CREDS = ["firstTtlSeconds", "mostLeases", "deleteAtOnce"] as const;

function* mistakesOf(
  broker: BrokerEntry,
  { replaces }: Pick<OAuthClientEntry, "replaces">,
): Generator<Mistake> {
  yield* leaseMistakes(broker);
  const { ttlSeconds, firstTtlSeconds } = { ...BROKER_DEFAULTS, ...broker };
  if (broker.firstTtlSeconds !== undefined && firstTtlSeconds > ttlSeconds) {
    const expected = `give at most ttlSeconds, which is ${ttlSeconds}`;
    yield [["broker", "firstTtlSeconds"], firstTtlSeconds, "lease-order", expected];
  }
  for (const field of broker.creds ? [] : OF_CREDS) {
    if (broker[field] === undefined) continue;
    const expected =
      "leave it out, or set creds to true: it is about leased clients, and not about tokens";
    yield [["broker", field], broker[field], "broker-creds", expected];
  }
  if (replaces !== undefined) {
    const expected =
      "leave out replaces or broker: only a client whose secret rotates can take over from one made by hand";
    yield [["replaces"], replaces, "broker-replaces", expected];
  }
}
