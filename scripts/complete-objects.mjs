// Terraform wants every member of an object in an argument, also those that have no value, and the generator's
// code leaves these out. So `new User(…, { addresses: [{ phoneNumbers: […] }] })` would be no valid configuration.

/**
 * Returns the generated code of a resource, which writes `null` for members of objects without a value.
 *
 * @param schema block of the resource
 * @param type for example `genesyscloud_user`
 */
export function withCompleteObjects(code, schema, type) {
  let complete = code;
  for (const path of objectsIn(schema, [type.replace(/^[a-z]+_/, "")])) {
    const name = `${camelCase(path.join("_"))}ToTerraform`;
    const body = new RegExp(`(export function ${name}\\([^]*?\\n  return \\{\\n)([^]*?)(\\n  \\})`);
    // An object that is only computed has no such function.
    complete = complete.replace(
      body,
      (_, before, members, after) => `${before}${members.replace(/,$/gm, " ?? null,")}${after}`,
    );
  }
  return complete;
}

/** Yields the paths of all arguments that are objects, or lists of them. */
function* objectsIn({ attributes = {}, block_types: blocks = {} }, path) {
  for (const [name, { type }] of Object.entries(attributes))
    yield* objectsOf(type, [...path, name]);
  for (const [name, { block }] of Object.entries(blocks)) yield* objectsIn(block, [...path, name]);
}

function* objectsOf(type, path) {
  if (!Array.isArray(type)) return;
  const [kind, inner] = type;
  if (kind !== "object") return yield* objectsOf(inner, path);
  yield path;
  for (const [name, member] of Object.entries(inner)) yield* objectsOf(member, [...path, name]);
}

const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
