import { type Behaviour, INVALID_REQUEST, NO_ANSWER, NOT_FOUND, V1, V2, V3 } from "./behaviour";
import { seen } from "./contract-secret";

/** Rotations, up to the invocation of the function. */
export const ROTATION: readonly Behaviour[] = [
  {
    title: "a rotation begins with a pending version that has no value",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      const { VersionId } = await secret.rotate(V2);
      return [
        VersionId,
        await secret.labels(),
        await secret.value({ VersionId: V2, VersionStage: "AWSPENDING" }),
        await secret.value({ VersionStage: "AWSPENDING" }),
        await secret.value({ VersionStage: "AWSCURRENT" }),
      ];
    },
    aws: [
      V2,
      { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] },
      NOT_FOUND,
      NOT_FOUND,
      "test-secret-1",
    ],
  },
  {
    title: "during a rotation, a read without a label returns the current value",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.rotate(V2);
      return secret.value();
    },
    aws: "test-secret-1",
    moto: { differs: "the pending version is read", sees: NOT_FOUND },
  },
  {
    title: "the pending version is given its value once",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.rotate(V2);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      return [await secret.labels(), await secret.value({ VersionStage: "AWSPENDING" })];
    },
    aws: [{ [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }, "test-secret-2"],
  },
  {
    title: "a secret without a value is rotated, and its first version becomes the current one",
    observe: async (secret) => {
      const begun = [await seen(secret.rotate(V1).then(() => "begun")), await secret.labels()];
      await secret.put(V1, "test-secret-1", ["AWSPENDING"]);
      const before = await secret.value();
      await seen(secret.move("AWSCURRENT", V1));
      return [...begun, before, await secret.labels()];
    },
    aws: ["begun", { [V1]: ["AWSPENDING"] }, NOT_FOUND, { [V1]: ["AWSCURRENT", "AWSPENDING"] }],
    moto: {
      differs: "it fails itself, and the first value is the current one at once",
      sees: [NO_ANSWER, {}, "test-secret-1", { [V1]: ["AWSCURRENT", "AWSPENDING"] }],
    },
  },
  {
    title: "no rotation begins while another version is pending",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.rotate(V2);
      const again = await seen(secret.rotate(V3).then(() => "begun"));
      await secret.move("AWSPENDING", undefined, again === "begun" ? V3 : V2);
      return [again, await seen(secret.rotate(V3).then(() => "begun"))];
    },
    aws: [INVALID_REQUEST, "begun"],
    moto: { differs: "it takes the label from the other version", sees: ["begun", "begun"] },
  },
  {
    title: "a rotation begins when the current version is still the pending one",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1", ["AWSCURRENT", "AWSPENDING"]);
      const begun = await seen(secret.rotate(V2).then(() => "begun"));
      return [begun, await secret.labels()];
    },
    aws: ["begun", { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }],
    moto: {
      differs: "it is refused then, and then alone",
      sees: [INVALID_REQUEST, { [V1]: ["AWSCURRENT", "AWSPENDING"] }],
    },
  },
  {
    title: "a rotation needs a function",
    observe: async (secret) => {
      await secret.put(V1);
      const begun = await seen(
        secret.rotate(V2, { RotationLambdaARN: undefined }).then(() => "done"),
      );
      return [begun, await secret.labels()];
    },
    aws: [INVALID_REQUEST, { [V1]: ["AWSCURRENT"] }],
    moto: {
      differs: "an empty version is made the current one",
      sees: ["done", { [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT"] }],
    },
  },
  {
    title: "a secret names its rotation function and the date of its last change",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.rotate(V2);
      const { RotationEnabled, RotationLambdaARN, RotationRules, LastChangedDate } =
        await secret.describe();
      return [
        RotationEnabled,
        RotationLambdaARN?.split(":").at(-1),
        RotationRules,
        LastChangedDate instanceof Date,
      ];
    },
    aws: [true, "rotator", { AutomaticallyAfterDays: 30 }, true],
  },
  {
    title: "a cancelled rotation leaves its pending version",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.rotate(V2);
      const { VersionId } = await secret.cancel();
      const { RotationEnabled } = await secret.describe();
      return [VersionId, RotationEnabled, await secret.labels()];
    },
    aws: [V2, false, { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }],
  },
  {
    title: "a secret without a rotation has nothing to cancel",
    observe: (secret) => seen(secret.cancel()),
    aws: INVALID_REQUEST,
  },
  {
    title: "a function is tried with a version that is removed afterwards",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.rotate(V2, { RotateImmediately: false });
      return [await secret.labels(), await secret.value({ VersionId: V2 })];
    },
    aws: [{ [V1]: ["AWSCURRENT"] }, NOT_FOUND],
    moto: {
      differs: "the version stays, and is pending",
      sees: [{ [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }, NOT_FOUND],
    },
  },
];
