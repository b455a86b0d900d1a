import { type Behaviour, INVALID_PARAMETER, V1, V2, V3 } from "./behaviour";
import { seen } from "./contract-secret";

/** Labels and their moves. */
export const LABELS: readonly Behaviour[] = [
  {
    title: "a promoted version keeps its other label, and the earlier one becomes the previous one",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      await secret.move("AWSCURRENT", V2, V1);
      return [await secret.labels(), await secret.value()];
    },
    aws: [{ [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT", "AWSPENDING"] }, "test-secret-2"],
    moto: {
      differs: "without a label it is the value that was put last as the current one",
      sees: [{ [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT", "AWSPENDING"] }, "test-secret-1"],
    },
  },
  {
    // Not known of AWS: the property suite tries both.
    title: "a moved label is a change of the secret",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      const { LastChangedDate: before } = await secret.describe();
      await secret.move("AWSCURRENT", V2, V1);
      const { LastChangedDate: after } = await secret.describe();
      return Number(after) > Number(before);
    },
    aws: true,
    moto: { differs: "it moves no date", sees: false },
  },
  {
    title: "after the label moves back, the newer version is the previous one",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2");
      await secret.move("AWSCURRENT", V1, V2);
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT"], [V2]: ["AWSPREVIOUS"] },
  },
  {
    title: "a version that lost its last label is not described any more",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      await secret.move("AWSPENDING", undefined, V2);
      return [await secret.labels(), await secret.value({ VersionId: V2 })];
    },
    aws: [{ [V1]: ["AWSCURRENT"] }, "test-secret-2"],
    moto: {
      differs: "it is described, with no label",
      sees: [{ [V1]: ["AWSCURRENT"], [V2]: [] }, "test-secret-2"],
    },
  },
  {
    title: "the current label moves only when its version is named",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      return [
        await seen(secret.move("AWSCURRENT", V2)),
        await seen(secret.move("AWSCURRENT", V2, V2)),
        await seen(secret.move("AWSCURRENT", V2, V3)),
        await secret.labels(),
      ];
    },
    aws: [
      INVALID_PARAMETER,
      INVALID_PARAMETER,
      INVALID_PARAMETER,
      { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] },
    ],
  },
  {
    title: "any other label moves only when its version is named",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      const moved = await seen(secret.move("AWSPENDING", V1).then(() => "moved"));
      return [moved, await secret.labels()];
    },
    aws: [INVALID_PARAMETER, { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] }],
    moto: {
      differs: "the label is on two versions then",
      sees: ["moved", { [V1]: ["AWSCURRENT", "AWSPENDING"], [V2]: ["AWSPENDING"] }],
    },
  },
  {
    title: "a label is taken only from the version that has it, and so moves once",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      await secret.move("AWSCURRENT", V2, V1);
      return [
        await seen(secret.move("AWSCURRENT", V2, V1)),
        await seen(secret.move("AWSPENDING", undefined, V1)),
        await secret.labels(),
      ];
    },
    aws: [
      INVALID_PARAMETER,
      INVALID_PARAMETER,
      { [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT", "AWSPENDING"] },
    ],
  },
  {
    title: "a label that could not be moved stays",
    observe: async (secret) => {
      await secret.put(V1);
      await seen(secret.move("AWSCURRENT", V2, V1));
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT"] },
    moto: { differs: "the label is lost", sees: { [V1]: [] } },
  },
  {
    title: "a version has several labels of one's own, and a label goes to the version that is put",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.move("v1", V1);
      await secret.move("v3", V1);
      await secret.put(V2, "test-secret-2", ["written"]);
      await secret.put(V3, "test-secret-3", ["written"]);
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT", "v1", "v3"], [V3]: ["written"] },
    moto: {
      differs: "the version that lost its label is still described",
      sees: { [V1]: ["AWSCURRENT", "v1", "v3"], [V2]: [], [V3]: ["written"] },
    },
  },
  {
    title: "a label of one's own that is there already stays, and no other version gets it",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2");
      await secret.move("v1", V1);
      const again = await seen(secret.move("v1", V1).then(() => "no error"));
      const other = await seen(secret.move("v1", V2).then(() => "no error"));
      return [again, other, await secret.labels()];
    },
    aws: ["no error", INVALID_PARAMETER, { [V1]: ["AWSPREVIOUS", "v1"], [V2]: ["AWSCURRENT"] }],
    moto: {
      differs: "a version has it twice, and another one too",
      sees: [
        "no error",
        "no error",
        { [V1]: ["AWSPREVIOUS", "v1", "v1"], [V2]: ["AWSCURRENT", "v1"] },
      ],
    },
  },
  {
    title:
      "a version without AWSCURRENT gets it from the version that is named, with the labels of both",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.move("v1", V1);
      await secret.put(V2, "test-secret-2", ["written"]);
      await secret.put(V3, "test-secret-3", ["written"]);
      // V2 has no label any more.
      await secret.move("AWSCURRENT", V2, V1);
      return secret.labels();
    },
    aws: { [V1]: ["AWSPREVIOUS", "v1"], [V2]: ["AWSCURRENT"], [V3]: ["written"] },
  },
];
