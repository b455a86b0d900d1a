import {
  type Behaviour,
  EXISTS,
  INVALID_PARAMETER,
  INVALID_REQUEST,
  NOT_FOUND,
  V1,
  V2,
} from "./behaviour";
import { seen } from "./contract-secret";

/** Values of versions. */
export const VALUES: readonly Behaviour[] = [
  {
    title: "a new value becomes the current one, and the earlier one becomes the previous one",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.put(V2, "test-secret-2");
      return [
        await secret.labels(),
        await secret.value(),
        await secret.value({ VersionStage: "AWSPREVIOUS" }),
        await secret.value({ VersionId: V1 }),
        await secret.value({ VersionId: V2, VersionStage: "AWSCURRENT" }),
      ];
    },
    aws: [
      { [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT"] },
      "test-secret-2",
      "test-secret-1",
      "test-secret-1",
      "test-secret-2",
    ],
  },
  {
    title: "the first value is the current one, whatever it was put as",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1", ["AWSPENDING"]);
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT", "AWSPENDING"] },
  },
  {
    title: "a value that is put as the pending one leaves the current one alone",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      return secret.labels();
    },
    aws: { [V1]: ["AWSCURRENT"], [V2]: ["AWSPENDING"] },
  },
  {
    title: "the same value under the same token does nothing",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.put(V2, "test-secret-2");
      const { VersionId } = await secret.put(V1, "test-secret-1");
      return [VersionId, await secret.labels()];
    },
    aws: [V1, { [V1]: ["AWSPREVIOUS"], [V2]: ["AWSCURRENT"] }],
  },
  {
    title: "another value under the same token is an error, and is not kept",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      return [await seen(secret.put(V1, "test-secret-2")), await secret.value()];
    },
    aws: [EXISTS, "test-secret-1"],
  },
  {
    title: "another value of the pending version is an error, and is not kept",
    observe: async (secret) => {
      await secret.put(V1, "test-secret-1");
      await secret.put(V2, "test-secret-2", ["AWSPENDING"]);
      const again = secret.put(V2, "test-secret-3", ["AWSPENDING"]);
      return [
        await seen(again.then(({ VersionId }) => VersionId)),
        await secret.value({ VersionId: V2 }),
      ];
    },
    aws: [EXISTS, "test-secret-2"],
    moto: { differs: "a pending version is overwritten", sees: [V2, "test-secret-3"] },
  },
  {
    title: "a token has 32 characters at least",
    observe: (secret) => seen(secret.put("v1")),
    aws: INVALID_PARAMETER,
  },
  {
    title: "a version that does not exist has no value",
    observe: async (secret) => {
      await secret.put(V1);
      return [
        await secret.value({ VersionId: V2 }),
        await secret.value({ VersionStage: "AWSPENDING" }),
        await secret.value({ VersionId: V1, VersionStage: "AWSPENDING" }),
      ];
    },
    aws: [NOT_FOUND, NOT_FOUND, INVALID_REQUEST],
  },
];
