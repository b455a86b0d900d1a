/** The `backend` block of a stack's Terraform JSON: the type of the backend, and its arguments. */
export type BackendBlock = Readonly<Record<string, unknown>>;

/** Returns the place of a stack's own state; undefined for a stack without a backend. */
export function ownPlaceOf(backend: BackendBlock = {}): string | undefined {
  const [type, config] = Object.entries(backend)[0] ?? [];
  return type === undefined ? undefined : placeOf(type, config);
}

/**
 * Returns the place of a state, for example `states/orgs/na-prod/terraform.tfstate`: the same text for the
 * stack that writes it and for a `terraform_remote_state` that reads it.
 *
 * @param type of the backend
 * @param config its arguments
 */
export function placeOf(type: string, config: unknown): string {
  const { bucket, key, endpoint, endpoints, path } = (config ?? {}) as S3Arguments;
  if (type !== "s3") return `${type} ${path ?? JSON.stringify(config)}`;
  // Terraform ignores a slash at the beginning of a key.
  const parts = [storeOf(endpoints?.s3 ?? endpoint), bucket, `${key}`.replace(/^\/+/, "")];
  return parts.filter((part) => part !== undefined).join("/");
}

/**
 * Returns the address of a store other than AWS, always in the same form. AWS has many addresses (FIPS,
 * VPC, dual-stack), and behind each of them a bucket is the same one.
 */
function storeOf(endpoint: unknown): string | undefined {
  // Terraform takes an empty endpoint for none.
  if (endpoint === undefined || endpoint === null || endpoint === "") return undefined;
  if (isOfAws(`${endpoint}`)) return undefined;
  return `${endpoint}`
    .replace(/^(?:https?:\/\/)?[^/]+/i, (start) => start.toLowerCase())
    .replace(/\/+$/, "");
}

/** Whether an address is one of AWS. */
export function isOfAws(endpoint: string): boolean {
  const url = /^(?:https?:\/\/)?(?:[^/@]*@)?([^/]+)/i.exec(endpoint);
  const host = url?.[1]?.toLowerCase().replace(/\.?(?::\d+)?$/, "") ?? "";
  return /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.test(host);
}

/** The arguments that decide where a state is; all others say how Terraform gets there. */
interface S3Arguments {
  readonly bucket?: unknown;
  readonly key?: unknown;
  /** Address of a store other than AWS. */
  readonly endpoints?: { readonly s3?: unknown };
  /** Deprecated form of `endpoints.s3`. */
  readonly endpoint?: unknown;
  /** File of a local state. */
  readonly path?: unknown;
}

/**
 * Returns the places in S3 that several stacks have, with the names of these stacks: each would destroy
 * what the other created. The path of a local state may be relative to the stack's own folder.
 */
export function sharedPlaces(
  stacks: Iterable<readonly [name: string, backend: BackendBlock | undefined]>,
): [place: string, names: string[]][] {
  const byPlace = new Map<string, string[]>();
  for (const [name, backend] of stacks) {
    if (!backend?.s3) continue;
    const place = placeOf("s3", backend.s3);
    byPlace.set(place, [...(byPlace.get(place) ?? []), name]);
  }
  return [...byPlace].filter(([, names]) => names.length > 1);
}
