import type { SecretHistory, SecretVersion } from "./secret-store";

/** Number of versions whose client is remembered even when it is deleted. */
const REMEMBERED_VERSIONS = 20;

/** Returns the newest versions; a client that is named for an older one must be noted to be ours. */
export const rememberedVersions = ({ versions }: SecretHistory): readonly SecretVersion[] =>
  [...versions]
    .sort((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0))
    .slice(0, REMEMBERED_VERSIONS);

export const currentVersionOf = (history: SecretHistory | undefined): SecretVersion | undefined =>
  history?.versions.find(({ stages }) => stages.includes("AWSCURRENT"));

/** Returns the holders of the labels, and the last change. */
export const labelsOf = (secretArn: string, { versions, changedAt }: SecretHistory): string => {
  const holderOf = (stage: string) => versions.find(({ stages }) => stages.includes(stage))?.id;
  return [secretArn, holderOf("AWSCURRENT"), holderOf("AWSPREVIOUS"), changedAt].join(" ");
};
