import { type Behaviour, V1, V2, V3 } from "./behaviour";

/** The list of versions. */
export const VERSION_LIST: readonly Behaviour[] = [
  {
    title: "versions without a label are listed on request",
    observe: async (secret) => {
      for (const version of [V1, V2, V3]) await secret.put(version, `test-secret-${version}`);
      return [await secret.listed(), await secret.listed({ IncludeDeprecated: true })];
    },
    aws: [
      [V2, V3],
      [V1, V2, V3],
    ],
    moto: {
      differs: "they always are",
      sees: [
        [V1, V2, V3],
        [V1, V2, V3],
      ],
    },
  },
  {
    title: "versions are listed in pages",
    observe: async (secret) => {
      await secret.put(V1);
      await secret.put(V2);
      const { Versions, NextToken } = await secret.list({ MaxResults: 1 });
      if (!NextToken) return Versions?.length;
      const last = await secret.list({ MaxResults: 1, NextToken });
      return [Versions?.length, last.Versions?.length, last.NextToken];
    },
    aws: [1, 1, undefined],
    moto: { differs: "all come at once", sees: 2 },
  },
  {
    title: "listed versions have their labels, a date, and the secret's ARN",
    observe: async (secret) => {
      await secret.put(V1);
      const { ARN, Versions } = await secret.list();
      return [
        ARN === (await secret.describe()).ARN,
        Versions?.map(({ VersionStages, CreatedDate }) => [
          VersionStages,
          CreatedDate instanceof Date,
        ]),
      ];
    },
    aws: [true, [[["AWSCURRENT"], true]]],
    moto: { differs: "the name in place of the ARN", sees: [false, [[["AWSCURRENT"], true]]] },
  },
];
