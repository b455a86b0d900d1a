/**
 * Switches off the stack trace that cdktf captures for every construct and token. It is most of
 * the construct phase (six to ten times its length, more under jest), and is only ever shown in
 * token resolution errors. The one reach into cdktf's internals: guarded, since another version
 * may have moved it; CDK Terrain has a switch of its own. `CDKTF_CREATION_STACK=1` keeps traces.
 */
export function disableCreationStacks(): void {
  if (process.env.CDKTF_CREATION_STACK === "1") return;
  process.env.CDKTN_DISABLE_CREATION_STACK ??= "1";
  try {
    require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
  } catch {
    // Slower, and otherwise the same.
  }
}
