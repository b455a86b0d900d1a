import { type Behaviour, EXISTS, INVALID_REQUEST, NO_ANSWER, NOT_FOUND, V1, V2 } from "./behaviour";
import { seen } from "./contract-secret";

/** Secrets, and secrets that do not exist. */
export const SECRETS: readonly Behaviour[] = [
  {
    title: "a new secret has no version, no value and no rotation",
    observe: async (secret) => {
      const { VersionIdsToStages, RotationEnabled } = await secret.describe();
      return [VersionIdsToStages, RotationEnabled, await secret.value(), await secret.listed()];
    },
    aws: [undefined, undefined, NOT_FOUND, []],
  },
  {
    title: "a name is given once",
    observe: (secret) => seen(secret.create()),
    aws: EXISTS,
  },
  {
    title: "a secret is found by its ARN, which ends with its name and six characters",
    observe: async (secret) => {
      const { ARN = "", Name = "" } = await secret.describe();
      const found = await secret.named(ARN).describe();
      return [found.Name === Name, ARN.split(":secret:")[1]?.replace(Name, "").length];
    },
    aws: [true, 7],
  },
  {
    title: "a value is found by the ARN without these characters",
    observe: async (secret) => {
      await secret.put(V1);
      const { ARN = "" } = await secret.describe();
      return secret.named(ARN.slice(0, -7)).value();
    },
    aws: "test-secret-1",
  },
  {
    title: "an unknown secret is an error",
    observe: async (secret) => {
      const unknown = secret.named("/genesys/test/org/unknown");
      return Promise.all([
        seen(unknown.describe()),
        unknown.value(),
        seen(unknown.put(V1)),
        seen(unknown.move("AWSCURRENT", V1)),
        seen(unknown.rotate(V1)),
        seen(unknown.cancel()),
      ]);
    },
    aws: Array(6).fill(NOT_FOUND),
  },
  {
    title: "a secret that will be deleted is described, but neither read nor changed",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.delete();
      const { DeletedDate } = await secret.describe();
      const done = (call: Promise<unknown>) => seen(call.then(() => "done"));
      return [
        DeletedDate instanceof Date,
        await secret.value(),
        await done(secret.rotate(V2)),
        await done(secret.cancel()),
        await done(secret.put(V2)),
        await done(secret.move("AWSPENDING", V1)),
      ];
    },
    aws: [true, ...Array(5).fill(INVALID_REQUEST)],
    moto: {
      differs: "values are put, and labels move",
      sees: [true, ...Array(3).fill(INVALID_REQUEST), "done", "done"],
    },
  },
  {
    title: "a secret that will be deleted can be deleted for good, which frees its name",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.delete();
      const before = await seen(secret.create());
      await secret.delete({ ForceDeleteWithoutRecovery: true });
      await secret.create();
      return [before, await secret.listed()];
    },
    // For a name that is reserved, AWS answers that the secret is scheduled for deletion.
    aws: [INVALID_REQUEST, []],
    moto: { differs: "it says that the secret exists", sees: [EXISTS, []] },
  },
  {
    title: "the last access is the day of a read, in UTC",
    observe: async (secret) => {
      await secret.put(V1);
      const before = (await secret.describe()).LastAccessedDate;
      await secret.value();
      const { LastAccessedDate } = await secret.describe();
      return [before, (LastAccessedDate?.getTime() ?? 1) % (24 * 3_600_000)];
    },
    aws: [undefined, 0],
    moto: { differs: "it gives no such date", sees: [undefined, 1] },
  },
  {
    title: "secrets are listed by the beginning of their names, and deleted ones on request",
    observe: async (secret) => {
      const { Name = "" } = await secret.describe();
      const longer = secret.named(`${Name}-longer`);
      await longer.create();
      await longer.delete();
      const namesOf = async (prefix: string, deleted: boolean) =>
        (await secret.namesBelow(prefix, deleted)).map((name) => name.slice(Name.length));
      return [
        await namesOf(Name, false),
        (await namesOf(Name, true)).sort(),
        await namesOf(Name.slice(1), false),
      ];
    },
    aws: [[""], ["", "-longer"], []],
  },
  {
    title: "the versions of an unknown secret cannot be listed",
    observe: (secret) => seen(secret.named("/genesys/test/org/unknown").list()),
    aws: NOT_FOUND,
    moto: { differs: "it fails itself", sees: NO_ANSWER },
  },
];
