import { setImmediate } from "node:timers/promises";
import { RotationWorld } from "../rotation/rotation-world";
import { BROKER_MISSING, Broker, pluginClock, startBrokerVault } from "../support/vault/broker";
import { BrokerOrg } from "../support/vault/broker-org";
import type { VaultServer } from "../support/vault/vault-server";

const SPEED = 1200;
const MINUTE = 60_000;
const ACCOUNTS = ["111111111111", "222222222222"];

if (BROKER_MISSING) {
  test.skip(BROKER_MISSING, () => {});
} else {
  let vault: VaultServer;
  let org: BrokerOrg | undefined;
  beforeAll(async () => {
    vault = await startBrokerVault(SPEED);
  });
  afterEach(() => org?.stop());
  afterAll(() => vault?.stop());

  /** An organisation with a rotator and a reconciler, in which Vault is the broker as well. */
  async function start(creators: boolean) {
    const clock = pluginClock(SPEED);
    const unknowns = { creators, modifies: true, labelsAreChanges: true, keepsPending: false };
    const world = new RotationWorld({ ...unknowns, lag: 0, pageSize: 25 }, clock);
    for (const credential of world.credentials) {
      // Short, so that clients are deleted within the test.
      credential.specification = { ...credential.specification, accessTokenValiditySeconds: 300 };
    }
    org = await BrokerOrg.serve(world.genesys, clock);
    const broker = await Broker.mount(vault, org);
    await broker.role("crm", { token_lifetime: "5m", most_leases: 100 });
    return { clock, world, org, broker };
  }

  test.each([
    ["says", true],
    ["does not say", false],
  ])(
    "the engine and the rotator touch only their own clients, if Genesys Cloud %s who made them",
    async (_, creators) => {
      const { clock, world, org, broker } = await start(creators);
      const count = (method: string, isEngine: boolean) => {
        const rootOf = org.roots();
        return org.genesys.log.filter(
          ({ call, caller, status }) =>
            call.startsWith(`${method} /api/v2/oauth/clients`) &&
            status === 200 &&
            (rootOf(caller) === broker.master.id) === isEngine,
        ).length;
      };
      // Until all have made, deactivated and deleted clients.
      const isOver = () => count("DELETE", true) > 20 && count("DELETE", false) > 2;
      const untilTheEnd = async (work: () => Promise<unknown>) => {
        while (!isOver()) await work();
      };
      const turn = () => setImmediate();
      const rotator = untilTheEnd(async () => {
        for (const credential of world.credentials) {
          world.startRotation(credential);
          await world.tryRotation(credential, turn);
          world.use(credential);
        }
        // Clients are retired when no label has moved for a while.
        for (let run = 0; run < 6; run++) {
          for (const account of ACCOUNTS) await world.tryReconcile(account, turn);
          await clock.sleep(5 * MINUTE);
        }
      });
      const consumer = () =>
        untilTheEnd(async () => {
          const { lease } = await broker.creds("crm");
          await broker.token("crm");
          await broker.revoke(lease);
        });
      const administrator = untilTheEnd(async () => {
        await broker.rotate("crm");
        await broker.rotateRoot();
        await clock.sleep(10 * MINUTE);
      });
      await Promise.all([rotator, consumer(), consumer(), administrator]);

      world.check();
      expect(org.trespasses()).toEqual([]);
      expect(org.othersAreUntouched()).toBe(true);
      const work = ["POST", "PUT", "DELETE"].map(
        (method) => `${method} ${count(method, true)} and ${count(method, false)}`,
      );
      process.stdout.write(`engine and rotator in one organisation: ${work.join(", ")}\n`);
    },
  );
}
