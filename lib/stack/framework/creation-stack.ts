/**
 * Switches off the stack trace that cdktf captures for every construct and token. The traces make
 * the construct phase six to ten times slower, more under jest, and only token resolution errors show
 * them. It is guarded, since another version may have moved the
 * function; CDK Terrain has its own switch. `CDKTF_CREATION_STACK=1` keeps the traces.
 */
export function disableCreationStacks(): void {
  if (process.env.CDKTF_CREATION_STACK === "1") return;
  process.env.CDKTN_DISABLE_CREATION_STACK ??= "1";
  try {
    require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
  } catch {
    // Synth is slower, but the output is the same.
  }
}
